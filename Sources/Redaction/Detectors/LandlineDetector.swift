/// Chinese landlines with their area code, and 400/800 service numbers; an extension is part of the number.
enum LandlineDetector {
  private static let otherWords: WordList = [
    "订单", "单号", "编号", "流水", "型号", "批号", "isbn", "issn", "order", "serial", "model", "part", "邮编", "标准", "文号",
  ]

  /// `length` digits begin at `start`.
  static func find(_ text: TextView, _ start: Int, _ length: Int, needsWord: Bool) -> Finding? {
    let named = text.mentions(MobileDetector.phoneWords, before: start, reach: 45)
    if needsWord && !named { return nil }
    let end: Int
    if (10...12).contains(length) {
      guard named, isWhole(text, start, length) else { return nil }
      end = start + length
    } else {
      guard let grouped = endOfGroups(text, start, length) else { return nil }
      end = grouped
    }
    guard isFree(text, start, end) else { return nil }
    if !named && text.mentions(otherWords, before: start, reach: 30) { return nil }
    let last = endWithExtension(text, end)
    return Finding(kind: .phone, start: withCountry(text, start), end: last, key: text.key(start, end))
  }

  /// Area code and subscriber's number in one run: 010 and eight, 0571 and seven or eight, 400 and seven.
  private static func isWhole(_ text: TextView, _ start: Int, _ length: Int) -> Bool {
    if length == 10 && isService(text, start) { return true }
    let area = areaLength(text, start)
    return area == 3 ? length == 11 : area == 4 && (length == 11 || length == 12)
  }

  private static func endOfGroups(_ text: TextView, _ start: Int, _ length: Int) -> Int? {
    let isServiceNumber = length == 3 && isService(text, start)
    let isParenthesised = text.at(start - 1) == UInt8(ascii: "(") || text.has("（", at: start - 3)
    guard isServiceNumber || areaLength(text, start) == length else { return nil }
    var place = start + length
    if isParenthesised {
      place += text.at(place) == UInt8(ascii: ")") ? 1 : text.has("）", at: place) ? 3 : 0
      if text.at(place) == 0x20 || text.at(place) == 0x2D { place += 1 }
    } else {
      guard text.at(place) == 0x2D || text.at(place) == 0x20 || text.has("－", at: place) else { return nil }
      place += text.at(place) >= 0x80 ? 3 : 1
    }
    let first = text.endOfDigits(from: place)
    let size = first - place
    let total = isServiceNumber ? 7 : 8
    guard size > 0, isServiceNumber || text.at(place) >= 0x32 else { return nil }
    if size == total || (size == 7 && length == 4) { return first }
    guard size == 3 || size == 4, text.at(first) == 0x2D || text.at(first) == 0x20 else { return nil }
    let second = text.endOfDigits(from: first + 1)
    let sum = size + second - first - 1
    return second - first - 1 >= 3 && (sum == total || (sum == 7 && length == 4)) ? second : nil
  }

  private static func isService(_ text: TextView, _ start: Int) -> Bool {
    text.has("400", at: start) || text.has("800", at: start)
  }

  /// 3 or 4 when an area code begins here, else 0.
  private static func areaLength(_ text: TextView, _ start: Int) -> Int {
    guard text.at(start) == 0x30 else { return 0 }
    switch (text.at(start + 1), text.at(start + 2)) {
    case (0x31, 0x30): return 3
    case (0x32, 0x30...0x35), (0x32, 0x37...0x39): return 3
    case (0x33...0x39, 0x31...0x39), (0x37, 0x30), (0x38, 0x30): return 4
    default: return 0
    }
  }

  private static func isFree(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let (before, after) = (text.at(start - 1), text.at(end))
    if TextView.isWord(after) || after == UInt8(ascii: "@") { return false }
    if after == UInt8(ascii: "."), text.isDigit(at: end + 1) { return false }
    // An extension is short: a group of more digits is part of another kind of number.
    if after == UInt8(ascii: "-"), text.endOfDigits(from: end + 1) - end - 1 > 5 { return false }
    if before == UInt8(ascii: "-") || before == UInt8(ascii: ".") || before == UInt8(ascii: "/") {
      return text.has("86-", at: start - 3) && !TextView.isWord(text.at(start - 4))
    }
    return !TextView.isWord(before) && before != UInt8(ascii: "=") && before != UInt8(ascii: "#")
  }

  /// `-801`, `转801`, `ext. 801`.
  private static func endWithExtension(_ text: TextView, _ end: Int) -> Int {
    var place = end
    if text.at(place) == 0x20 { place += 1 }
    if text.has("转", at: place) {
      place += 3
    } else if place == end, text.at(place) == 0x2D {
      place += 1
    } else {
      return end
    }
    let last = text.endOfDigits(from: place)
    return (2...5).contains(last - place) ? last : end
  }

  /// Moves over `+86 `, `86-` and an opening parenthesis before the area code.
  private static func withCountry(_ text: TextView, _ start: Int) -> Int {
    var first = start
    if text.at(first - 1) == UInt8(ascii: "(") { first -= 1 } else if text.has("（", at: first - 3) { first -= 3 }
    let place = text.at(first - 1) == 0x20 || text.at(first - 1) == 0x2D ? first - 1 : first
    if text.has("+86", at: place - 3) { return place - 3 }
    if text.has("86", at: place - 2), place < first, !TextView.isWord(text.at(place - 3)) { return place - 2 }
    return first
  }
}
