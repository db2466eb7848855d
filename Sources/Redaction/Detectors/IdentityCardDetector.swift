/// Chinese identity numbers: 18 characters (GB 11643) with province, date of birth and check character, or the old 15
/// digits beside a word that names them.
enum IdentityCardDetector {
  private static let weights: [Int] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let checks: StaticString = "10X98765432"
  static let words: WordList = [
    "身份证", "证件", "身份號", "身分證", "身份證", "證件", "公民", "居民", "id card", "identity", "idcard", "id_card", "id number",
    "id no", "citizen",
  ]
  private static let otherWords: WordList = [
    "订单", "单号", "流水", "编号", "时间戳", "序列", "order", "serial", "tracking", "timestamp", "transaction",
  ]

  /// `length` digits begin at `start`: 18, 17 and an X, 15, or 6 of a number written 6-8-4.
  static func find(_ text: TextView, _ start: Int, _ length: Int) -> Finding? {
    switch length {
    case 17, 18: return long(text, start, start + 6, start + 14)
    case 15: return short(text, start)
    case 6:
      let separator = text.at(start + 6)
      guard separator == 0x20 || separator == 0x2D, text.at(start + 15) == separator else { return nil }
      guard text.endOfDigits(from: start + 7) == start + 15 else { return nil }
      return long(text, start, start + 7, start + 16)
    default: return nil
    }
  }

  /// Region, birthday, and the sequence with its check character.
  private static func long(_ text: TextView, _ start: Int, _ birth: Int, _ tail: Int) -> Finding? {
    let last = tail + 3
    let check = text.at(last)
    guard TextView.isDigit(check) || check | 0x20 == 0x78, !TextView.isWord(text.at(last + 1)) else { return nil }
    if isPartOfMore(text, start, last + 1) { return nil }
    guard isRegion(text, start), isBirthday(text.number(birth, 4), text.number(birth + 4, 4)) else { return nil }
    var sum = 0
    for place in 0..<17 {
      let index = place < 6 ? start + place : place < 14 ? birth + place - 6 : tail + place - 14
      guard text.isDigit(at: index) else { return nil }
      sum += (Int(text.at(index)) - 0x30) * weights[place]
    }
    guard checks.utf8Start[sum % 11] == (check == 0x78 ? 0x58 : check) else { return nil }
    if text.mentions(otherWords, before: start, reach: 24), !text.mentions(words, before: start, reach: 40) {
      return nil
    }
    return Finding(kind: .identityCard, start: start, end: last + 1, key: text.key(start, last + 1))
  }

  private static func short(_ text: TextView, _ start: Int) -> Finding? {
    let end = start + 15
    guard isRegion(text, start), isBirthday(1900 + text.number(start + 6, 2), text.number(start + 8, 4)) else {
      return nil
    }
    guard !TextView.isWord(text.at(end)), !isPartOfMore(text, start, end) else { return nil }
    guard text.mentions(words, before: start, reach: 40) else { return nil }
    return Finding(kind: .identityCard, start: start, end: end, key: text.key(start, end))
  }

  private static func isPartOfMore(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let (before, after) = (text.at(start - 1), text.at(end))
    if (after == UInt8(ascii: ".") || after == UInt8(ascii: "-")) && text.isDigit(at: end + 1) { return true }
    return (before == UInt8(ascii: ".") || before == UInt8(ascii: "-")) && text.isDigit(at: start - 2)
  }

  /// A province (GB/T 2260) and a prefecture that is not 00.
  static func isRegion(_ text: TextView, _ start: Int) -> Bool {
    isProvince(text.number(start, 2)) && text.number(start + 2, 2) != 0
  }

  static func isProvince(_ code: Int) -> Bool {
    switch code {
    case 11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71, 81...83: true
    default: false
    }
  }

  private static func isBirthday(_ year: Int, _ monthAndDay: Int) -> Bool {
    let (month, day) = (monthAndDay / 100, monthAndDay % 100)
    guard (1880...2049).contains(year), (1...12).contains(month), day >= 1 else { return false }
    switch month {
    case 2: return day <= (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28)
    case 4, 6, 9, 11: return day <= 30
    default: return day <= 31
    }
  }
}
