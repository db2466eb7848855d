/// American and British street addresses: a number, a capitalised street, its kind, and a city with its ZIP code.
enum EnglishAddressDetector {
  private static let kinds: WordList = [
    "street", "st", "avenue", "ave", "road", "rd", "drive", "dr", "lane", "ln", "boulevard", "blvd", "court", "ct",
    "place", "pl",
    "square", "way", "parkway", "pkwy", "highway", "hwy", "terrace", "plaza", "crescent", "circle", "trail", "close",
    "alley",
  ]
  private static let units: WordList = ["apt", "suite", "ste", "unit", "floor", "room", "box", "bldg", "building"]

  private static let notStreets: WordList = [
    "the ", "and ", "of ", "in ", "a ", "an ", "january", "february", "april", "june", "july", "august",
  ]

  /// `start` is the first digit of a run that no letter or digit precedes.
  static func find(_ text: TextView, _ start: Int) -> Finding? {
    let digits = text.endOfDigits(from: start)
    guard digits - start <= 5, text.at(digits) == 0x20, TextView.isCapital(text.at(digits + 1)) else { return nil }
    if notStreets.match(text, at: digits + 1) != nil { return nil }
    var place = digits
    var words = 0
    var kindEnd = -1
    while words < 5, text.at(place) == 0x20, TextView.isCapital(text.at(place + 1)) || text.isDigit(at: place + 1) {
      let first = place + 1
      var end = first
      while TextView.isAlphanumeric(text.at(end)) || text.at(end) == UInt8(ascii: "'") { end += 1 }
      if let length = kinds.match(text, at: first), length == end - first, words > 0 { kindEnd = end }
      if words > 0, let length = units.match(text, at: first), length == end - first { break }
      if text.at(end) == UInt8(ascii: "."), kindEnd == end { end += 1 }
      place = end
      words += 1
      if text.at(end) == UInt8(ascii: ",") || text.at(end) == UInt8(ascii: ".") { break }
    }
    guard words >= 2 else { return nil }
    let withUnit = endOfUnit(text, place)
    if let end = endOfCity(text, withUnit) {
      return Finding(kind: .address, start: start, end: end, key: text.exactKey(start, end))
    }
    guard kindEnd > 0 else { return nil }
    let end = max(kindEnd, withUnit > place ? withUnit : kindEnd)
    return Finding(kind: .address, start: start, end: end, key: text.exactKey(start, end))
  }

  /// ` Apt. 310`, `, Suite 5`.
  private static func endOfUnit(_ text: TextView, _ start: Int) -> Int {
    var place = start
    while text.at(place) == 0x20 || text.at(place) == UInt8(ascii: ",") || text.at(place) == 0x0A, place - start < 3 {
      place += 1
    }
    guard let length = units.match(text, at: place) else { return start }
    place += length
    while ". #".utf8.contains(text.at(place)), place - start < 14 { place += 1 }
    var end = place
    while TextView.isAlphanumeric(text.at(end)), end - place < 6 { end += 1 }
    return end > place ? end : start
  }

  /// `, North Austinbury, PA 04443`: capitalised words, two capitals, a ZIP code.
  private static func endOfCity(_ text: TextView, _ start: Int) -> Int? {
    var place = start
    while place - start < 60 {
      let byte = text.at(place)
      if TextView.isCapital(byte), TextView.isCapital(text.at(place + 1)), text.at(place + 2) == 0x20 {
        let end = text.endOfDigits(from: place + 3)
        if end - place == 8 {
          let isLong = text.at(end) == 0x2D && text.endOfDigits(from: end + 1) == end + 5
          return isLong ? end + 5 : end
        }
      }
      guard TextView.isLetter(byte) || byte == 0x20 || byte == 0x2C || byte == 0x2E || byte == 0x0A else { return nil }
      place += 1
    }
    return nil
  }
}
