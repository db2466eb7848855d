import Documents
import TextModels

/// In how many lines of a text each of some patterns matches: one pass for the literals of all, and the expressions for
/// the lines that hold one. Lines in carved code, tables and math do not count.
struct PatternCounts {
  private let patterns: [LinePattern]
  private let literals: AhoCorasick

  /// Nil without any pattern.
  init?(_ rules: [Rule]) { self.init(rules.compactMap(\.documentPattern)) }

  init?(_ patterns: [LinePattern]) {
    if patterns.isEmpty { return nil }
    self.patterns = patterns
    literals = AhoCorasick(patterns.map(\.literal), foldsCase: true)
  }

  /// What the first of the patterns matches first.
  func firstPlace(_ text: [UInt8], _ segments: [Segment]) -> Range<Int>? {
    text.withUnsafeBufferPointer { text in
      for line in suspects(text) where !segments.contains(where: { $0.range.overlaps(line) }) {
        let matches = patterns[0].matches(UnsafeBufferPointer(rebasing: text[line]), most: 1)
        guard let match = matches.first else { continue }
        return line.lowerBound + match.lowerBound..<line.lowerBound + match.upperBound
      }
      return nil
    }
  }

  /// By the order of the rules with a pattern.
  func count(_ text: [UInt8], _ segments: [Segment] = []) -> [Int] {
    var counts = [Int](repeating: 0, count: patterns.count)
    text.withUnsafeBufferPointer { text in
      for line in suspects(text) where !segments.contains(where: { $0.range.overlaps(line) }) {
        let bytes = UnsafeBufferPointer(rebasing: text[line])
        for (index, pattern) in patterns.enumerated() where pattern.mayMatch(bytes) {
          if !pattern.matches(bytes, most: 1).isEmpty { counts[index] += 1 }
        }
      }
    }
    return counts
  }

  /// The lines that hold a literal, each once, without their line feeds.
  private func suspects(_ text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    literals.forEachMatch(in: text) { _, end in
      if let last = lines.last, end <= last.upperBound { return }
      var (start, stop) = (end - 1, end)
      while start > 0, text[start - 1] != 0x0A { start -= 1 }
      while stop < text.count, text[stop] != 0x0A { stop += 1 }
      lines.append(start..<stop)
    }
    return lines
  }
}
