/// Card numbers of 12...19 digits, plain or in groups: an issuer's prefix and a right Luhn digit.
enum BankCardDetector {
  static let words: WordList = [
    "卡号", "银行", "账号", "帐号", "储蓄", "信用卡", "卡號", "借记卡", "银联", "account", "visa", "credit", "debit", "mastercard", "card",
    "unionpay", "cc",
  ]
  private static let otherWords: WordList = [
    "订单", "单号", "编号", "流水", "时间戳", "序列", "物流", "快递", "order", "serial", "tracking", "timestamp", "isbn", "imei",
    "invoice", "transaction", "运单", "批号", "条码", "barcode", "sku", "session", "哈希", "hash",
  ]

  static func find(_ text: TextView, _ start: Int, _ length: Int) -> Finding? {
    var number = CardNumber()
    var end = start
    if (12...19).contains(length) {
      for index in start..<(start + length) { number.append(text.at(index) - 0x30) }
      end = start + length
    } else if length == 4 {
      end = grouped(text, start, &number)
    }
    guard number.count >= 12, number.isLuhn, !number.isAllSame else { return nil }
    let named = text.mentions(words, before: start, reach: 40)
    guard isFree(text, start, end, named: named) else { return nil }
    guard number.hasUsualPrefix || (named && number.hasRarePrefix) else { return nil }
    if !named, text.mentions(otherWords, before: start, reach: 36) || text.isInLink(start) { return nil }
    return Finding(kind: .bankCard, start: start, end: end, key: text.key(start, end))
  }

  private static func isFree(_ text: TextView, _ start: Int, _ end: Int, named: Bool) -> Bool {
    let after = text.at(end)
    if TextView.isWord(after) || after == UInt8(ascii: "@") { return false }
    if !named && (after == UInt8(ascii: ".") || after == UInt8(ascii: "-")) && text.isDigit(at: end + 1) {
      return false
    }
    return !"-./=".utf8.contains(text.at(start - 1))
  }

  /// Groups of four with one kind of separator, the last of 1...4; or 4-6-5.
  private static func grouped(_ text: TextView, _ start: Int, _ number: inout CardNumber) -> Int {
    let separator = text.at(start + 4)
    guard separator == 0x20 || separator == 0x2D else { return start }
    // A group before this one: a table of numbers, not a card.
    if text.at(start - 1) == separator && text.isDigit(at: start - 2) { return start }
    var place = start
    var end = start
    while number.count < 20 {
      let before = number.count
      while number.count < 20, text.isDigit(at: place) {
        number.append(text.at(place) - 0x30)
        place += 1
      }
      end = place
      let size = number.count - before
      let isAmericanExpress = (before == 4 && size == 6) || (before == 10 && size == 5)
      if size != 4 && !isAmericanExpress { break }
      guard text.at(place) == separator, text.isDigit(at: place + 1), number.count < 16 || number.count % 4 == 0 else {
        break
      }
      place += 1
    }
    if !(13...19).contains(number.count) { number = CardNumber() }
    return end
  }
}

/// The digits of a card's number, without an allocation.
private struct CardNumber {
  private var digits = InlineArray<20, UInt8>(repeating: 0)
  private(set) var count = 0

  mutating func append(_ digit: UInt8) {
    digits[count] = digit
    count += 1
  }

  private var firstFour: Int { (0..<4).reduce(0) { $0 * 10 + Int(digits[$1]) } }

  /// ISO/IEC 7812 prefixes: UnionPay 62, Visa 4, Mastercard 51-55 and 2221-2720, American Express 34 and 37, JCB
  /// 3528-3589, Discover 6011, 644-649, 65.
  var hasUsualPrefix: Bool {
    switch (firstFour, count) {
    case (6200...6299, 16...19): true
    case (4000...4999, 13), (4000...4999, 16), (4000...4999, 19): true
    case (5100...5599, 16), (2221...2720, 16), (3528...3589, 16): true
    case (3400...3499, 15), (3700...3799, 15): true
    case (6011, 16), (6440...6599, 16): true
    default: false
    }
  }

  /// Diners Club, Maestro, old JCB and others: believed only beside a word that names a card.
  var hasRarePrefix: Bool {
    switch (firstFour, count) {
    case (3000...3059, 14), (3600...3699, 14), (3800...3999, 14...16): true
    case (1800, 15), (2131, 15), (3500...3599, 16), (5000...5099, 12...19), (5600...6999, 12...19),
      (9000...9999, 16...19):
      true
    default: false
    }
  }

  var isAllSame: Bool { (1..<count).allSatisfy { digits[$0] == digits[0] } }

  var isLuhn: Bool {
    var sum = 0
    for place in 0..<count {
      let digit = Int(digits[count - 1 - place])
      sum += place % 2 == 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
    }
    return sum % 10 == 0
  }
}
