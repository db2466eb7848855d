/// Function characters: Chinese without them is no running text.
enum StopSet {
  /// Modern and classical Chinese, simplified and traditional.
  static let characters = Array(
    "的是在了和有不為为也而由于於与與以及或其之者所则則曰人中他我你这這那一上下無无何來来未已相如此自可".unicodeScalars
      .map(\.value))

  /// 1-based places of the stop characters by code point from U+4E00, 0 for all others; never freed.
  nonisolated(unsafe) static let table: UnsafePointer<UInt8> = {
    let places = UnsafeMutablePointer<UInt8>.allocate(capacity: 0x5200)
    places.initialize(repeating: 0, count: 0x5200)
    for (place, scalar) in characters.enumerated() { places[Int(scalar) - 0x4E00] = UInt8(place + 1) }
    return UnsafePointer(places)
  }()
}
