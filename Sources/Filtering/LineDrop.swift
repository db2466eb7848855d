import Documents

/// Takes lines out of a text by rules, and keeps the carved segments where they are: their lines are not judged.
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
        let isCarved = document.segments.contains { $0.range.overlaps(line) }
        guard !isCarved, let hit = LineDrop.hit(text, line, active) else {
          kept += text[line]
          continue
        }
        removed.append(line)
        LineDrop.note(hit, line, text, &drops)
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

  /// Blank lines part paragraphs: they stay.
  private static func hit(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ rules: [Rule]) -> RuleHit? {
    var range = line
    while let first = range.first, text[first] <= 0x20 { range = (first + 1)..<range.upperBound }
    while let last = range.last, text[last] <= 0x20 { range = range.lowerBound..<last }
    if range.isEmpty { return nil }
    let bytes = UnsafeBufferPointer(rebasing: text[range])
    for rule in rules { if let hit = rule.hit(bytes) { return hit } }
    return nil
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
