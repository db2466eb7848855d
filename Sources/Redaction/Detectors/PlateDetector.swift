/// Chinese licence plates (GA 36): province, letter, five characters, or six for electric cars.
enum PlateDetector {
  private static let provinces: StaticString = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
  /// Provinces that are common words: `阿里云ECS2023`.
  private static let ambiguous: StaticString = "云新青贵宁吉"
  private static let words: WordList = ["车牌", "号牌", "車牌", "牌照", "车号", "牌号", "车主", "plate", "过户", "违章", "轿车", "车辆"]

  /// `letter` is the capital behind the province.
  static func find(_ text: TextView, letter: Int) -> Finding? {
    let start = letter - 3
    guard start >= 0, holds(provinces, text, start), isPlate(text.at(letter)) else { return nil }
    var first = letter + 1
    var hasDot = false
    if text.has("·", at: first) {
      first += 2
      hasDot = true
    }
    var end = first
    var digits = 0
    while end - first < 7, isPlate(text.at(end)) {
      digits += TextView.isDigit(text.at(end)) ? 1 : 0
      end += 1
    }
    let size = end - first
    guard size == 5 || size == 6, !TextView.isWord(text.at(end)) else { return nil }
    let named = text.mentions(words, before: start, reach: 24)
    // Five characters have two letters at most, six are one or two letters and digits at one end.
    let isRegular = size == 5 ? digits >= 3 : digits >= 4 && isElectric(text, first)
    guard named || (isRegular && (hasDot || !holds(ambiguous, text, start))) else { return nil }
    return Finding(kind: .plate, start: start, end: end, key: text.key(start, end))
  }

  private static func isElectric(_ text: TextView, _ first: Int) -> Bool {
    TextView.isLetter(text.at(first)) || TextView.isLetter(text.at(first + 5))
  }

  private static func holds(_ characters: StaticString, _ text: TextView, _ start: Int) -> Bool {
    for offset in stride(from: 0, to: characters.utf8CodeUnitCount, by: 3)
    where characters.utf8Start[offset] == text.at(start) && characters.utf8Start[offset + 1] == text.at(start + 1)
      && characters.utf8Start[offset + 2] == text.at(start + 2)
    {
      return true
    }
    return false
  }

  private static func isPlate(_ byte: UInt8) -> Bool {
    TextView.isDigit(byte) || (TextView.isCapital(byte) && byte != UInt8(ascii: "I") && byte != UInt8(ascii: "O"))
  }
}
