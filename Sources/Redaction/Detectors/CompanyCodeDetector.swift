/// Unified social credit codes of 18 characters (GB 32100): authority, kind, region, and a check character modulo 31.
enum CompanyCodeDetector {
  private static let alphabet: StaticString = "0123456789ABCDEFGHJKLMNPQRTUWXY"
  private static let weights: [Int] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
  private static let words: WordList = ["信用代码", "信用代碼", "税号", "纳税人", "uscc", "credit code", "社会信用", "开票"]

  /// `start` is the first of a run of capitals and digits.
  static func find(_ text: TextView, _ start: Int) -> Finding? {
    let end = start + 18
    guard end <= text.count, !TextView.isWord(text.at(end)), !TextView.isWord(text.at(start - 1)) else { return nil }
    guard "159ANGY".utf8.contains(text.at(start)), IdentityCardDetector.isProvince(text.number(start + 2, 2)) else {
      return nil
    }
    var sum = 0
    var letters = 0
    for place in 0..<18 {
      let byte = text.at(start + place)
      guard let value = value(byte) else { return nil }
      if place > 1 && place < 8 && value > 9 { return nil }
      if value > 9 { letters += 1 }
      if place < 17 { sum += value * weights[place] } else if (31 - sum % 31) % 31 != value { return nil }
    }
    // One in 31 numbers passes the check: without a letter it must be called what it is.
    guard letters > 0 || text.mentions(words, before: start, reach: 40) else { return nil }
    return Finding(kind: .companyCode, start: start, end: end, key: text.key(start, end))
  }

  private static func value(_ byte: UInt8) -> Int? {
    for index in 0..<31 where alphabet.utf8Start[index] == byte { return index }
    return nil
  }
}
