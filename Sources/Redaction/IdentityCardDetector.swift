/// Chinese identity numbers of 18 characters (GB 11643): province, date of birth, check character.
struct IdentityCardDetector {
  private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let checks = Array("10X98765432".utf8)
  static let words: [StaticString] = ["身份证", "证件", "身份號", "身分證", "公民", "id card", "identity", "idcard", "id_card"]

  /// `length` digits begin at `start`: 18, 17 and an X, or 6 of a number written 6-8-4.
  static func find(_ text: TextView, _ start: Int, _ length: Int) -> Finding? {
    var places: [Int] = []
    if length == 17 || length == 18 {
      places = Array(start..<(start + 18))
    } else if length == 6 {
      places = grouped(text, start)
    }
    guard places.count == 18, let last = places.last else { return nil }
    let tail = text.at(last)
    guard TextView.isDigit(tail) || tail | 0x20 == 0x78, !TextView.isWord(text.at(last + 1)) else { return nil }
    let digits = places.dropLast().map { Int(text.at($0)) - 0x30 }
    guard isProvince(digits[0] * 10 + digits[1]), isBirthday(digits) else { return nil }
    let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    guard checks[sum % 11] == (tail == 0x78 ? 0x58 : tail) else { return nil }
    return Finding(kind: .identityCard, start: start, end: last + 1, key: text.digitKey(start, last + 1))
  }

  /// Places of the characters of `110101 19900101 001X`.
  private static func grouped(_ text: TextView, _ start: Int) -> [Int] {
    let separator = text.at(start + 6)
    guard separator == 0x20 || separator == 0x2D, text.at(start + 15) == separator else { return [] }
    let places = Array(start..<(start + 6)) + Array((start + 7)..<(start + 15)) + Array((start + 16)..<(start + 20))
    return places.dropLast().allSatisfy { text.isDigit(at: $0) } ? places : []
  }

  private static func isProvince(_ code: Int) -> Bool {
    switch code {
    case 11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71, 81...83: true
    default: false
    }
  }

  private static func isBirthday(_ digits: [Int]) -> Bool {
    let year = digits[6] * 1000 + digits[7] * 100 + digits[8] * 10 + digits[9]
    let month = digits[10] * 10 + digits[11]
    let day = digits[12] * 10 + digits[13]
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1880...2099).contains(year) && (1...12).contains(month) && day >= 1 && day <= days[month - 1]
  }
}
