import Documents

/// Takes lines, or parts of them, out of a text by rules, and keeps the carved segments where they are: their lines are
/// not judged.
struct LineDrop {
  private let rules: [Rule]

  init(_ rules: [Rule]) { self.rules = rules }

  func apply(to document: inout Document) {
    let active = rules.filter { $0.applies(to: document.genre, document.signals) }
    if active.isEmpty { return }
    var kept: [UInt8] = []
    kept.reserveCapacity(document.text.count)
    var removed: [Range<Int>] = []
    var drops: [DroppedLines] = []
    document.text.withUnsafeBufferPointer { text in
      for line in LineDrop.lines(text) {
        if document.segments.contains(where: { $0.range.overlaps(line) }) {
          kept += text[line]
          continue
        }
        var judged = JudgedLine(text, line)
        judged.ask(active)
        for hit in judged.hits { LineDrop.note(hit, line, text, &drops) }
        removed += judged.removed
        judged.append(to: &kept)
      }
    }
    if removed.isEmpty { return }
    document.text = kept
    document.segments = document.segments.map { LineDrop.moved($0, removed) }
    document.droppedLines = drops
  }

  /// Ranges of the lines, line feeds and all.
  private static func lines(_ text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for index in text.indices where text[index] == 0x0A {
      ranges.append(start..<(index + 1))
      start = index + 1
    }
    if start < text.count { ranges.append(start..<text.count) }
    return ranges
  }

  private static func note(
    _ hit: RuleHit, _ line: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ drops: inout [DroppedLines]
  ) {
    if let index = drops.firstIndex(where: { $0.first.rule == hit.rule }) {
      drops[index].count += 1
    } else {
      let excerpt = RulePlace.excerpt(Array(text[line]), 0..<line.count)
      drops.append(DroppedLines(first: hit, offset: line.lowerBound, count: 1, excerpt: excerpt))
    }
  }

  private static func moved(_ segment: Segment, _ removed: [Range<Int>]) -> Segment {
    let before = removed.reduce(0) { $1.upperBound <= segment.offset ? $0 + $1.count : $0 }
    let start = segment.offset - before
    return Segment(segment.kind, start..<(start + segment.length))
  }
}

/// One line before the rules: what they cut is gone for the rules behind them.
private struct JudgedLine {
  private let text: UnsafeBufferPointer<UInt8>
  private let line: Range<Int>
  /// What is left of it where something was cut, line feed and all, and what of that the rules see.
  private var shorter: [UInt8]?
  private var body = 0..<0
  private(set) var hits: [RuleHit] = []
  private(set) var isDropped = false

  init(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
    self.text = text
    self.line = line
  }

  /// Ranges of the text that make up what is gone; of a line that was cut the length alone is right, which is all that
  /// places behind it need.
  var removed: [Range<Int>] {
    if isDropped { return [line] }
    return shorter.map { [(line.lowerBound + $0.count)..<line.upperBound] } ?? []
  }

  func append(to kept: inout [UInt8]) {
    if isDropped { return }
    if let shorter { kept += shorter } else { kept += text[line] }
  }

  /// Blank lines part paragraphs: they stay.
  mutating func ask(_ rules: [Rule]) {
    for rule in rules {
      guard let hit = withBody({ $0.isEmpty ? nil : rule.hit($0) }) else { continue }
      hits.append(hit)
      if rule.action == .dropLine {
        isDropped = true
        return
      }
      cutOut(rule)
    }
  }

  private mutating func cutOut(_ rule: Rule) {
    guard case .pattern(let pattern) = rule.subject else { return }
    let places = withBody { pattern.matches($0) }
    var rest = shorter ?? Array(text[line])
    if shorter == nil { body = (bodyOfText.lowerBound - line.lowerBound)..<(bodyOfText.upperBound - line.lowerBound) }
    let start = body.lowerBound
    var end = body.upperBound
    for place in places.reversed() {
      rest.removeSubrange((start + place.lowerBound)..<(start + place.upperBound))
      end -= place.count
    }
    shorter = rest
    body = start..<end
  }

  /// The line without the white space at its ends. What stands beside a cut is part of it, as in datatrove's C4: a
  /// sentence with a blank before the mark at its end does not end with a full stop.
  private func withBody<Result>(_ use: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard let shorter else { return use(UnsafeBufferPointer(rebasing: text[bodyOfText])) }
    return shorter.withUnsafeBufferPointer { use(UnsafeBufferPointer(rebasing: $0[body])) }
  }

  private var bodyOfText: Range<Int> {
    var range = line
    while let first = range.first, text[first] <= 0x20 { range = (first + 1)..<range.upperBound }
    while let last = range.last, text[last] <= 0x20 { range = range.lowerBound..<last }
    return range
  }
}
