/// Whether an output is the right answer, by a strict and by a lenient rule.
enum AnswerExtraction {
  /// Strict, for labels: the first word is the label and nothing else. For text: the whole line is the answer.
  static func strict(_ output: [UInt8], label answer: [UInt8]) -> Bool {
    trimmed(output).prefix { $0 > 0x20 }.elementsEqual(answer)
  }
  static func strict(_ output: [UInt8], text answer: [UInt8]) -> Bool { trimmed(output) == trimmed(answer) }

  /// Lenient, for labels: the first label that stands by itself ("The answer is (B).") is taken.
  static func lenient(_ output: [UInt8], label answer: [UInt8], among labels: [[UInt8]]) -> Bool {
    for start in output.indices {
      for label in labels where standsAlone(label, in: output, at: start) { return label == answer }
    }
    return false
  }

  /// Lenient, for text: the answer stands somewhere in the line, letter case, blanks and a last full stop aside.
  static func lenient(_ output: [UInt8], text answer: [UInt8]) -> Bool {
    let haystack = folded(output)
    let needle = folded(answer)
    guard !needle.isEmpty, haystack.count >= needle.count else { return false }
    return (0...(haystack.count - needle.count)).contains { standsAlone(needle, in: haystack, at: $0) }
  }

  /// True when `word` is at `start` and no ASCII letter or digit that would make it part of a longer word touches it.
  static func standsAlone(_ word: [UInt8], in text: [UInt8], at start: Int) -> Bool {
    let end = start + word.count
    guard end <= text.count, let first = word.first, let last = word.last, text[start..<end].elementsEqual(word) else {
      return false
    }
    if start > 0, isWord(text[start - 1]), isWord(first) { return false }
    return !(end < text.count && isWord(text[end]) && isWord(last))
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
  }

  static func trimmed(_ text: [UInt8]) -> [UInt8] {
    guard let first = text.firstIndex(where: { $0 > 0x20 }), let last = text.lastIndex(where: { $0 > 0x20 }) else {
      return []
    }
    return Array(text[first...last])
  }

  /// ASCII lower case, runs of blanks as one, no full stop at the end.
  private static func folded(_ text: [UInt8]) -> [UInt8] {
    var folded: [UInt8] = []
    for byte in trimmed(text) {
      if byte <= 0x20 {
        if folded.last != 0x20 { folded.append(0x20) }
      } else {
        folded.append(byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte)
      }
    }
    if folded.last == UInt8(ascii: ".") { folded.removeLast() }
    if folded.suffix(3) == Array("。".utf8)[...] { folded.removeLast(3) }
    return folded
  }
}
