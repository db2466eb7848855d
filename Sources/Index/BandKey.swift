/// What the index compares of a 64-bit band key: its 40 high bits, alike in memory and on disk, so that look-ups do not
/// depend on where a document is held. With 2.7 billion entries one look-up in 400 meets a foreign document.
enum BandKey {
  static let bits = 40

  @inline(__always)
  static func short(_ key: UInt64) -> UInt64 { key >> 24 }
}
