/// What else has to go so that a sentence is whole after a span was cut: emptied brackets, a doubled comma, a blank, an
/// emptied line.
enum CutMender {
  private static let clauseMarks: WordList = ["，", "、", "；", "：", ",", ";", ":"]
  private static let endMarks: WordList = ["。", "！", "？", ".", "!", "?", "；", ";"]
  private static let openings: [StaticString] = ["（", "【", "「", "『", "《", "“", "(", "[", "\""]
  private static let closings: [StaticString] = ["）", "】", "」", "』", "》", "”", ")", "]", "\""]

  static func mend(_ text: TextView, _ start: Int, _ end: Int) -> (start: Int, end: Int) {
    var (start, end) = (start, end)
    while let wider = withoutBrackets(text, start, end) { (start, end) = wider }
    let (left, right) = (blanksBefore(text, start), blanksAfter(text, end))
    if isLineEdge(text, left - 1) && isLineEnd(text, right) { return wholeLine(text, left, right) }
    if let mark = markBefore(text, left, clauseMarks), endsClause(text, right) {
      return (mark, right)
    }
    if let mark = clauseMarks.match(text, at: right), startsSentence(text, left) {
      return (start, blanksAfter(text, right + mark))
    }
    if left < start, right > end || isLineEnd(text, right) || endsClause(text, right) { return (left, end) }
    if isLineEdge(text, left - 1) { return (start, right) }
    return (start, end)
  }

  private static func withoutBrackets(_ text: TextView, _ start: Int, _ end: Int) -> (Int, Int)? {
    let (left, right) = (blanksBefore(text, start), blanksAfter(text, end))
    for (open, close) in zip(openings, closings) {
      let before = left - open.utf8CodeUnitCount
      if text.has(open, at: before), text.has(close, at: right) { return (before, right + close.utf8CodeUnitCount) }
    }
    return nil
  }

  private static func blanksBefore(_ text: TextView, _ start: Int) -> Int {
    var place = start
    while place > 0, text.at(place - 1) == 0x20 || text.at(place - 1) == 0x09 { place -= 1 }
    return place
  }

  private static func blanksAfter(_ text: TextView, _ end: Int) -> Int {
    var place = end
    while text.at(place) == 0x20 || text.at(place) == 0x09 { place += 1 }
    return place
  }

  private static func isLineEdge(_ text: TextView, _ index: Int) -> Bool { index < 0 || text.at(index) == 0x0A }
  private static func isLineEnd(_ text: TextView, _ index: Int) -> Bool {
    index >= text.count || text.at(index) == 0x0A
  }

  private static func wholeLine(_ text: TextView, _ left: Int, _ right: Int) -> (Int, Int) {
    (left, right < text.count ? right + 1 : right)
  }

  /// Where a mark that ends right before `place` begins.
  private static func markBefore(_ text: TextView, _ place: Int, _ marks: WordList) -> Int? {
    for length in [1, 3] where place >= length && marks.match(text, at: place - length) == length {
      return place - length
    }
    return nil
  }

  private static func endsClause(_ text: TextView, _ place: Int) -> Bool {
    isLineEnd(text, place) || clauseMarks.match(text, at: place) != nil || endMarks.match(text, at: place) != nil
  }

  private static func startsSentence(_ text: TextView, _ place: Int) -> Bool {
    isLineEdge(text, place - 1) || markBefore(text, place, endMarks) != nil
      || markBefore(text, place, clauseMarks) != nil
  }
}
