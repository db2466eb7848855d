/// Chinese street addresses: region, street, number. Found from `号` behind a digit.
enum ChineseAddressDetector {
  private static let streets: WordList = ["路", "街", "道", "巷", "弄", "胡同", "村", "里", "段", "园", "苑", "镇", "庄", "组", "坊"]
  private static let regions: HanSet = "省市区县州旗盟乡镇"
  private static let leads: WordList = [
    "地址", "住址", "位于", "住在", "家住", "寄往", "寄到", "送至", "送到", "现住", "户籍地", "坐落于", "地处", "前往", "来到", "搬到", "在", "于", "至",
    "住",
    "到", "是", "为", "址",
  ]
  private static let contexts: WordList = ["地址", "住址", "位于", "住在", "家住", "寄", "送至", "户籍", "坐落", "地處"]
  private static let parts: WordList = ["号楼", "单元", "栋", "幢", "座", "楼", "层", "室", "号", "房", "弄", "组", "户"]

  /// `mark` is where `号` begins.
  static func find(_ text: TextView, mark: Int) -> Finding? {
    guard text.isDigit(at: mark - 1) else { return nil }
    let digits = text.startOfDigits(holding: mark - 1)
    guard mark - digits <= 5, let street = streetStart(text, digits) else { return nil }
    var start = street
    var regionCount = 0
    while start >= 3, street - start < 90, HanSet.isHan(text, start - 3) || text.at(start - 1) == 0x20 {
      if text.at(start - 1) == 0x20 {
        guard HanSet.isHan(text, start - 4) else { break }
        start -= 1
        continue
      }
      start -= 3
    }
    start = afterLead(text, start, street)
    for place in stride(from: start, to: digits, by: 1) where regions.holds(text, place) { regionCount += 1 }
    let isNamed = text.mentions(contexts, before: street, reach: 90)
    guard regionCount >= 2 || (regionCount == 1 && isNamed), digits - start >= 12 else { return nil }
    let end = endOfParts(text, mark + 3)
    return Finding(kind: .address, start: start, end: end, key: text.key(start, end))
  }

  /// The start of the street's last character right before the number.
  private static func streetStart(_ text: TextView, _ digits: Int) -> Int? {
    for length in [3, 6] where streets.match(text, at: digits - length) == length { return digits - length }
    return nil
  }

  /// Behind the last word that leads to an address, or to the first region's name.
  private static func afterLead(_ text: TextView, _ start: Int, _ street: Int) -> Int {
    var best = start
    var place = start
    while place < street {
      if let length = leads.match(text, at: place), place + length < street {
        let rest = place + length
        if hasRegion(text, rest, street) { best = rest }
      }
      place += text.at(place) >= 0xE0 ? 3 : 1
    }
    return text.at(best) == 0x20 ? best + 1 : best
  }

  private static func hasRegion(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    var place = start + 3
    while place < end {
      if regions.holds(text, place) { return true }
      place += text.at(place) >= 0xE0 ? 3 : 1
    }
    return false
  }

  /// `6单元574室`, `B座1201`, `3号楼`.
  private static func endOfParts(_ text: TextView, _ start: Int) -> Int {
    var end = start
    while true {
      var place = end
      while place - end < 6, TextView.isAlphanumeric(text.at(place)) || text.at(place) == 0x2D { place += 1 }
      if place > end, let length = parts.match(text, at: place) {
        end = place + length
      } else if let length = parts.match(text, at: end), place == end, end > start || length == 3 {
        end += length
      } else {
        return end
      }
    }
  }
}
