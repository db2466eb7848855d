/// Phone numbers beyond China: `+49 ...` (E.164), North America's 3-3-4, and whatever stands right behind a word that
/// announces a phone number.
enum InternationalPhoneDetector {
  private static let otherWords: WordList = [
    "isbn", "issn", "order", "serial", "model", "part", "订单", "单号", "编号", "型号", "id", "version", "sku", "rfc", "doi",
    "invoice", "ticket", "tracking", "account", "patent",
  ]

  private static let fillers: WordList = [
    "号码", "号", "為", "为", "是", "：", "（", "【", "numbers", "number", "num", "no.", "no", "is", "at", "me", "us", "on",
    "or", "/",
    "to", "office", "home", "cell", "fax", "mobile", "at:", "phone", "請", "请", "拨打", "拨", "、",
  ]

  /// Words behind which a phone number is expected.
  static let words: [StaticString] = [
    "phone", "tel:", "tel.", "tel ", "telephone", "mobile", "fax", "call me", "whatsapp", "电话", "手机", "传真", "热线", "致电",
    "座机", "電話",
    "手機", "傳真", "call us", "call ", "answering at", "messages to", "hotline", "office", "cell:",
  ]
  /// Words that may follow a number.
  private static let labels: WordList = ["office", "fax", "mobile", "phone", "传真", "手机", "电话"]
  /// These are common words: a number alone behind them is not enough.
  private static let weak: WordList = ["call ", "mobile", "office", "手机"]

  /// `plus` is a plus sign with a digit behind it.
  static func findAfterPlus(_ text: TextView, plus: Int) -> Finding? {
    let before = text.at(plus - 1)
    guard !TextView.isWord(before), !")]+".utf8.contains(before), text.at(plus + 1) != 0x30 else { return nil }
    let (end, digits, groups) = extent(text, from: plus + 1)
    guard (8...15).contains(digits), isFree(text, end) else { return nil }
    // A run without a separator is as long as a number of its country, or is called one.
    guard groups > 1 || digits >= 11 || text.mentions(MobileDetector.phoneWords, before: plus, reach: 45) else {
      return nil
    }
    return Finding(kind: .phone, start: plus, end: endWithExtension(text, end), key: text.key(plus, end))
  }

  /// `(415) 555-0132`, `415-555-0132`, `1-415-555-0132`, `415.555.0132`; `start` is the first digit of the area code.
  static func findAmerican(_ text: TextView, _ start: Int, _ length: Int, needsWord: Bool) -> Finding? {
    guard length == 3, text.at(start) >= 0x32 else { return nil }
    let isParenthesised = text.at(start - 1) == UInt8(ascii: "(")
    var place = start + 3
    if isParenthesised {
      guard text.at(place) == UInt8(ascii: ")") else { return nil }
      place += text.at(place + 1) == 0x20 || text.at(place + 1) == 0x2D ? 2 : 1
    } else {
      guard "-. ".utf8.contains(text.at(place)) else { return nil }
      place += 1
    }
    let separator = text.at(place + 3)
    guard text.endOfDigits(from: place) == place + 3, "-. ".utf8.contains(separator) else { return nil }
    let end = text.endOfDigits(from: place + 4)
    guard end == place + 8, isParenthesised || separator == text.at(start + 3) else { return nil }
    // What follows (ddd) ddd-dddd may touch it, but for a digit.
    guard isParenthesised || isFree(text, end) else { return nil }
    let named = text.mentions(MobileDetector.phoneWords, before: start, reach: 45)
    if needsWord && !named { return nil }
    guard named || (separator != 0x20 && text.at(place) >= 0x32 && !(separator == 0x2E && !isParenthesised)) else {
      return nil
    }
    if !named && text.mentions(otherWords, before: start, reach: 24) { return nil }
    guard let begin = beginning(text, isParenthesised ? start - 1 : start) else { return nil }
    return Finding(kind: .phone, start: begin, end: endWithExtension(text, end), key: text.key(start, end))
  }

  /// Moves over a leading `1-`; nil when the number is the tail of a longer one.
  private static func beginning(_ text: TextView, _ start: Int) -> Int? {
    let before = text.at(start - 1)
    if "- .".utf8.contains(before), text.at(start - 2) == 0x31, !TextView.isAlphanumeric(text.at(start - 3)) {
      return text.at(start - 3) == UInt8(ascii: "+") ? start - 3 : start - 2
    }
    if before == UInt8(ascii: "-"), text.has("001-", at: start - 4) { return start - 4 }
    if TextView.isWord(before) || "-./=#$".utf8.contains(before) { return nil }
    return start
  }

  /// A number right behind a word such as `phone` or `电话`; `end` is the word's end.
  static func findAfterWord(_ text: TextView, word: Int, _ end: Int) -> Finding? {
    if word > 0, text.at(word) < 0x80, TextView.isLetter(text.at(word - 1)) && !text.hasFolded("tele", at: word - 4) {
      return nil
    }
    if let found = findBeforeWord(text, word: word, end) { return found }
    if text.hasFolded("office", at: word), text.at(end) != UInt8(ascii: ":") { return nil }
    guard let start = numberStart(text, from: end) else { return nil }
    let (last, digits, groups) = extent(text, from: start)
    guard (7...15).contains(digits), isFree(text, last), !isDate(text, start, last) else { return nil }
    if groups == 1 && (digits > 12 || weak.match(text, at: word) != nil) { return nil }
    if MobileDetector.isQuantity(text, last) { return nil }
    // `(+86)139...` loses its first parenthesis too.
    let isClosed =
      text.at(start - 1) == UInt8(ascii: "(") && (start..<last).contains { text.at($0) == UInt8(ascii: ")") }
    return Finding(
      kind: .phone, start: isClosed ? start - 1 : start, end: endWithExtension(text, last), key: text.key(start, last))
  }

  /// A number that its word follows: `040 123456-7 office`, `... (fax)`.
  private static func findBeforeWord(_ text: TextView, word: Int, _ wordEnd: Int) -> Finding? {
    guard labels.match(text, at: word) == wordEnd - word, !TextView.isAlphanumeric(text.at(wordEnd)) else { return nil }
    var end = word
    while word - end < 3, " -(".utf8.contains(text.at(end - 1)) { end -= 1 }
    guard end < word else { return nil }
    var start = end
    while end - start < 30, TextView.isDigit(text.at(start - 1)) || "+()-. x".utf8.contains(text.at(start - 1)) {
      start -= 1
    }
    while start < end, !text.isDigit(at: start), !"+(".utf8.contains(text.at(start)) || !text.isDigit(at: start + 1) {
      start += 1
    }
    if TextView.isAlphanumeric(text.at(start - 1)) { return nil }
    let digits = (start..<end).count { text.isDigit(at: $0) }
    guard (6...20).contains(digits), text.isDigit(at: end - 1), !isDate(text, start, end) else { return nil }
    return Finding(kind: .phone, start: start, end: end, key: text.key(start, end))
  }

  /// Over `number is`, `号码是`, `：`, `#`: at most 24 bytes of them.
  private static func numberStart(_ text: TextView, from end: Int) -> Int? {
    var place = end
    while place < text.count, place - end < 24 {
      let byte = text.at(place)
      if TextView.isDigit(byte)
        || (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "(")) && text.isDigit(at: place + 1)
      {
        return place
      }
      if byte == 0x20 || byte == 0x0A || ":#.=\"'*(_".utf8.contains(byte) {
        place += 1
      } else if let length = fillers.match(text, at: place), length > 0 {
        place += length
      } else {
        return nil
      }
    }
    return nil
  }

  /// Digits in groups with one separator between: where they end, how many digits, how many groups.
  private static func extent(_ text: TextView, from start: Int) -> (end: Int, digits: Int, groups: Int) {
    var place = start
    var (end, digits, groups) = (start, 0, 0)
    if text.at(place) == UInt8(ascii: "+") || text.at(place) == UInt8(ascii: "(") { place += 1 }
    while groups < 8 {
      let run = text.endOfDigits(from: place)
      guard run > place, digits + run - place <= 15 else { break }
      digits += run - place
      groups += 1
      end = run
      place = run
      if text.at(place) == UInt8(ascii: ")") { place += 1 }
      if "- .".utf8.contains(text.at(place)) { place += 1 }
      if text.at(place) == UInt8(ascii: "("), text.isDigit(at: place + 1) { place += 1 }
      guard text.isDigit(at: place), place > end else { break }
    }
    return (end, digits, groups)
  }

  private static func isFree(_ text: TextView, _ end: Int) -> Bool {
    let after = text.at(end)
    if after | 0x20 == UInt8(ascii: "x") { return text.isDigit(at: end + 1) }
    if TextView.isWord(after) || after == UInt8(ascii: "@") || after == UInt8(ascii: "%") { return false }
    return !("-./:".utf8.contains(after) && text.isDigit(at: end + 1))
  }

  /// 2024-03-15 and the like.
  private static func isDate(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let first = text.endOfDigits(from: start) - start
    guard first == 4, text.has("19", at: start) || text.has("20", at: start) else { return false }
    return end - start == 10 || end - start == 8 || text.at(start + 4) == 0x2D
  }

  /// `x801`, ` ext. 801`.
  private static func endWithExtension(_ text: TextView, _ end: Int) -> Int {
    var place = end
    while text.at(place) == 0x20, place - end < 2 { place += 1 }
    for word: StaticString in ["extension", "ext.", "ext", "x"] where text.hasFolded(word, at: place) {
      place += word.utf8CodeUnitCount
      if text.at(place) == 0x20 { place += 1 }
      let last = text.endOfDigits(from: place)
      return (1...6).contains(last - place) && !TextView.isWord(text.at(last)) ? last : end
    }
    return end
  }
}
