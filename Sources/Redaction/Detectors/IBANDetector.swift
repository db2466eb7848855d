/// International bank account numbers (ISO 13616): country, two check digits, remainder 1 modulo 97.
enum IBANDetector {
  /// Country and length.
  private static let lengths: [(code: StaticString, length: Int)] = [
    ("GB", 22), ("DE", 22), ("FR", 27), ("ES", 24), ("IT", 27), ("NL", 18), ("BE", 16), ("CH", 21), ("AT", 20),
    ("PL", 28), ("PT", 25), ("SE", 24), ("DK", 18), ("NO", 15), ("FI", 18), ("IE", 22), ("LU", 20), ("CZ", 24),
    ("HU", 28), ("GR", 27), ("RO", 24), ("TR", 26), ("SA", 24), ("AE", 23), ("IL", 23), ("HR", 21), ("SK", 24),
    ("SI", 19), ("BG", 22), ("CY", 28), ("EE", 20), ("LV", 21), ("LT", 20), ("MT", 31), ("LI", 21), ("UA", 29),
  ]

  /// `start` is the first of a run of letters and digits.
  static func find(_ text: TextView, _ start: Int) -> Finding? {
    guard !TextView.isWord(text.at(start - 1)), text.isDigit(at: start + 2), text.isDigit(at: start + 3) else {
      return nil
    }
    for (code, length) in lengths where isCountry(text, code, start) {
      let end = start + length
      guard end <= text.count, !TextView.isWord(text.at(end)), remainder(text, start, length) == 1 else { return nil }
      return Finding(kind: .iban, start: start, end: end, key: text.key(start, end))
    }
    return nil
  }

  private static func isCountry(_ text: TextView, _ code: StaticString, _ start: Int) -> Bool {
    text.at(start) & 0xDF == code.utf8Start[0] && text.at(start + 1) & 0xDF == code.utf8Start[1]
  }

  /// The number with its first four characters moved to the end, letters as 10...35, modulo 97.
  private static func remainder(_ text: TextView, _ start: Int, _ length: Int) -> Int {
    var value = 0
    for place in 0..<length {
      let byte = text.at(start + (place + 4) % length)
      guard TextView.isAlphanumeric(byte) else { return 0 }
      if TextView.isDigit(byte) {
        value = (value * 10 + Int(byte) - 0x30) % 97
      } else {
        value = (value * 100 + Int(byte & 0xDF) - 55) % 97
      }
    }
    return value
  }
}
