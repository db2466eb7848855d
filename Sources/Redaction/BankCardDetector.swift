/// Card numbers of 13...19 digits, plain or in groups: an issuer's prefix and a right Luhn digit.
struct BankCardDetector {
  static let words: [StaticString] = ["卡号", "银行", "账号", "帐号", "储蓄", "card", "account", "信用卡", "visa", "卡號"]
  private static let otherWords: [StaticString] = [
    "订单", "单号", "编号", "流水", "时间戳", "序列", "order", "serial", "tracking", "timestamp", "isbn", "imei",
  ]

  static func find(_ text: TextView, _ start: Int, _ length: Int) -> Finding? {
    var digits: [UInt8] = []
    var end = start
    if (13...19).contains(length) {
      digits = (start..<(start + length)).map { text.at($0) - 0x30 }
      end = start + length
    } else if length == 4 {
      (digits, end) = grouped(text, start)
    }
    let after = text.at(end)
    guard hasPrefix(digits), isLuhn(digits), !TextView.isWord(after), after != UInt8(ascii: "@") else { return nil }
    if (after == UInt8(ascii: ".") || after == UInt8(ascii: "-")) && text.isDigit(at: end + 1) { return nil }
    let before = text.at(start - 1)
    if before == UInt8(ascii: "-") || before == UInt8(ascii: ".") || before == UInt8(ascii: "/")
      || before == UInt8(ascii: "=")
      || digits.allSatisfy({ $0 == digits[0] })
    {
      return nil
    }
    if !text.mentions(words, before: start, reach: 40),
      text.mentions(otherWords, before: start, reach: 36) || text.isInLink(start)
    {
      return nil
    }
    return Finding(kind: .bankCard, start: start, end: end, key: text.digitKey(start, end))
  }

  /// Groups of four with one kind of separator, the last of 1...4; or 4-6-5.
  private static func grouped(_ text: TextView, _ start: Int) -> ([UInt8], Int) {
    let separator = text.at(start + 4)
    guard separator == 0x20 || separator == 0x2D else { return ([], start) }
    // A group before this one: a table of numbers, not a card.
    if text.at(start - 1) == separator && text.isDigit(at: start - 2) { return ([], start) }
    var digits: [UInt8] = []
    var place = start
    var end = start
    while digits.count < 20 {
      let before = digits.count
      while digits.count < 20, text.isDigit(at: place) {
        digits.append(text.at(place) - 0x30)
        place += 1
      }
      end = place
      let size = digits.count - before
      let isAmericanExpress = (before == 4 && size == 6) || (before == 10 && size == 5)
      if size != 4 && !isAmericanExpress { break }
      guard text.at(place) == separator, text.isDigit(at: place + 1), digits.count < 16 || digits.count % 4 == 0 else {
        break
      }
      place += 1
    }
    return (13...19).contains(digits.count) ? (digits, end) : ([], start)
  }

  /// ISO/IEC 7812 prefixes: UnionPay 62, Visa 4, Mastercard 51-55 and 2221-2720, American Express 34 and 37, JCB 3528-3589.
  private static func hasPrefix(_ digits: [UInt8]) -> Bool {
    guard digits.count >= 13 else { return false }
    let four = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
    switch (four, digits.count) {
    case (6200...6299, 16...19): return true
    case (4000...4999, 13), (4000...4999, 16), (4000...4999, 19): return true
    case (5100...5599, 16), (2221...2720, 16), (3528...3589, 16): return true
    case (3400...3499, 15), (3700...3799, 15): return true
    default: return false
    }
  }

  private static func isLuhn(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let doubled = Int(digit) * 2
      sum += place % 2 == 0 ? Int(digit) : doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }
}
