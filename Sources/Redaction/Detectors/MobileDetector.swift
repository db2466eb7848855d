/// Chinese mobile numbers: 1[3-9] and nine digits, plain or 3-4-4, with or without +86.
enum MobileDetector {
  static let phoneWords: WordList = [
    "手机", "电话", "联系", "致电", "拨打", "微信", "号码", "热线", "短信", "手機", "電話", "聯繫", "phone", "tel", "mobile", "call",
    "cell", "whatsapp", "wechat", "contact", "sms",
  ]
  static let otherWords: WordList = [
    "订单", "单号", "编号", "流水", "序号", "产量", "时间戳", "序列", "数量", "總量", "总量", "金额", "order", "serial", "tracking",
    "timestamp", "isbn", "version", "size", "bytes", "tracking", "快递", "物流", "运单", "批号", "invoice", "哈希", "hash",
  ]
  /// Units and counting words right after a number make it a quantity.
  static let units: WordList = [
    "吨", "噸", "元", "人", "次", "个", "個", "件", "万", "亿", "千", "米", "公里", "公斤", "美元", "台", "套", "辆", "只", "头", "斤",
    "字节", "条", "户", "股", "度", "立方", "平方", "年", "秒", "毫秒", "%", "％",
  ]

  /// - Parameters:
  ///   - start: the first digit of a run, no digit before it.
  ///   - length: digits of the run.
  static func find(_ text: TextView, _ start: Int, _ length: Int, needsWord: Bool) -> Finding? {
    guard let (first, end) = digits(text, start, length) else { return nil }
    let begin = withPrefix(text, first, runStart: start)
    let named = text.mentions(phoneWords, before: begin, reach: 45)
    guard isFree(text, first, end, named: named) else { return nil }
    if needsWord && !named { return nil }
    if !named && begin == first {
      if text.mentions(otherWords, before: begin, reach: 36) || isQuantity(text, end) || text.isInLink(start) {
        return nil
      }
      if !text.isNearHan(start, end) && end - first == 11 { return nil }
    }
    return Finding(kind: .phone, start: begin, end: end, key: text.key(first, end))
  }

  /// First and one past the last digit of the eleven.
  private static func digits(_ text: TextView, _ start: Int, _ length: Int) -> (Int, Int)? {
    switch length {
    case 11: return isMobile(text, start) ? (start, start + 11) : nil
    case 13: return text.has("86", at: start) && isMobile(text, start + 2) ? (start + 2, start + 13) : nil
    case 15: return text.has("0086", at: start) && isMobile(text, start + 4) ? (start + 4, start + 15) : nil
    case 3:
      guard isMobile(text, start), let middle = group(text, start + 3, 4), let end = group(text, middle, 4),
        text.at(start + 3) == text.at(middle)
      else { return nil }
      return (start, end)
    default: return nil
    }
  }

  private static func isMobile(_ text: TextView, _ start: Int) -> Bool {
    text.at(start) == 0x31 && text.at(start + 1) >= 0x33 && text.at(start + 1) <= 0x39
  }

  /// The end of a blank or hyphen and exactly `count` digits.
  private static func group(_ text: TextView, _ place: Int, _ count: Int) -> Int? {
    guard text.at(place) == 0x20 || text.at(place) == 0x2D else { return nil }
    for offset in 1...count where !text.isDigit(at: place + offset) { return nil }
    return text.isDigit(at: place + count + 1) ? nil : place + count + 1
  }

  /// No word, decimal point or longer number around; a word may touch the end of a number that is called a phone's.
  private static func isFree(_ text: TextView, _ start: Int, _ end: Int, named: Bool) -> Bool {
    let after = text.at(end)
    if (TextView.isWord(after) && !(named && TextView.isLetter(after))) || after == UInt8(ascii: "@") { return false }
    if (after == UInt8(ascii: ".") || after == UInt8(ascii: "-")) && text.isDigit(at: end + 1) { return false }
    let before = text.at(start - 1)
    if before == UInt8(ascii: ".") || before == UInt8(ascii: "#") || before == UInt8(ascii: "=") { return false }
    if before == UInt8(ascii: "/") && !text.isDigit(at: start - 2) { return false }
    return true
  }

  /// Moves over +86, 0086, 86- and (+86) before the number.
  private static func withPrefix(_ text: TextView, _ first: Int, runStart: Int) -> Int {
    var start = first
    if start == runStart {
      var place = first - 1
      if text.at(place) == 0x20 || text.at(place) == 0x2D { place -= 1 }
      if text.at(place) == UInt8(ascii: ")") { place -= 1 }
      guard text.has("86", at: place - 1) else { return first }
      let before = text.at(place - 2)
      if before != UInt8(ascii: "+") && TextView.isWord(before) && !text.has("00", at: place - 3) { return first }
      start = place - 1
    } else {
      start = runStart
    }
    if text.has("00", at: start - 2) && !text.isDigit(at: start - 3) { start -= 2 }
    if text.at(start - 1) == UInt8(ascii: "+") { start -= 1 }
    if text.at(start - 1) == UInt8(ascii: "("),
      text.at(first - 1) == UInt8(ascii: ")") || text.at(first - 2) == UInt8(ascii: ")")
    {
      start -= 1
    }
    return start
  }

  static func isQuantity(_ text: TextView, _ end: Int) -> Bool {
    let place = text.at(end) == 0x20 ? end + 1 : end
    return units.match(text, at: place) != nil
  }
}
