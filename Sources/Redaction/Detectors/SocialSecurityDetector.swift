/// United States social security numbers, 3-2-4.
enum SocialSecurityDetector {
  private static let otherWords: WordList = [
    "isbn", "issn", "order", "serial", "model", "part", "编号", "型号", "rfc", "id",
  ]
  private static let words: WordList = ["ssn", "social security", "social-security", "tax id", "taxpayer"]

  /// `start` is the first of three digits.
  static func find(_ text: TextView, _ start: Int, _ length: Int) -> Finding? {
    let end = start + 11
    guard length == 3, text.at(start + 3) == 0x2D, text.endOfDigits(from: start + 4) == start + 6,
      text.at(start + 6) == 0x2D, text.endOfDigits(from: start + 7) == end
    else { return nil }
    let area = text.number(start, 3)
    let named = text.mentions(words, before: start, reach: 40)
    guard area != 0, area != 666, area < 900 || named, text.number(start + 4, 2) != 0, text.number(start + 7, 4) != 0
    else { return nil }
    let (before, after) = (text.at(start - 1), text.at(end))
    if TextView.isWord(before) || "-./#".utf8.contains(before) || TextView.isWord(after) { return nil }
    if "-.".utf8.contains(after) && text.isDigit(at: end + 1) { return nil }
    if !named && text.mentions(otherWords, before: start, reach: 24) { return nil }
    return Finding(kind: .socialSecurity, start: start, end: end, key: text.key(start, end))
  }
}
