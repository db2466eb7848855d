import Glibc

/// Whether a string looks drawn at random: what tells a key from a name, a hash's label from its sample.
enum Entropy {
  private static let samples: WordList = [
    "example", "sample", "xxxx", "your", "placeholder", "changeme", "dummy", "foobar", "abcdef", "123456789", "0123456",
    "test_",
    "redacted", "insert", "replace", "deadbeef", "qwerty", "hunter2",
  ]

  /// Bits a character, over at most 256 of them.
  static func bits(_ text: TextView, _ start: Int, _ end: Int) -> Double {
    var counts = InlineArray<128, UInt16>(repeating: 0)
    let last = min(end, start + 256)
    for index in start..<last { counts[Int(text.at(index) & 127)] += 1 }
    let total = Double(last - start)
    var bits = 0.0
    for symbol in 0..<128 where counts[symbol] > 0 {
      let share = Double(counts[symbol]) / total
      bits -= share * log2(share)
    }
    return bits
  }

  /// Letters and digits mixed, few repeats, and changing often between kinds of characters: names change seldom.
  static func looksRandom(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let length = end - start
    guard length >= 12 else { return false }
    var (digits, letters, changes, isHexadecimal) = (0, 0, 0, true)
    var before: UInt8 = 0
    for index in start..<end {
      let byte = text.at(index)
      let kind: UInt8 = TextView.isDigit(byte) ? 1 : TextView.isCapital(byte) ? 2 : TextView.isLetter(byte) ? 3 : 4
      digits += kind == 1 ? 1 : 0
      letters += kind == 2 || kind == 3 ? 1 : 0
      changes += index > start && kind != before ? 1 : 0
      if !IPv6Detector.isHex(byte) { isHexadecimal = false }
      before = kind
    }
    guard digits >= 2, letters >= 2 else { return false }
    let bits = bits(text, start, end)
    if isHexadecimal { return length >= 24 && bits >= 3.0 && changes * 5 >= length }
    return bits >= min(3.4, log2(Double(length)) * 0.8) && changes * 5 >= length
  }

  /// What is enough behind a prefix that nothing else has: a digit or two cases, and not one character over and over.
  static func isMixed(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let hasDigit = (start..<end).contains { text.isDigit(at: $0) }
    return hasDigit && bits(text, start, end) >= 2.5
  }

  /// A value that documentation writes: words that say so, or one character over and over.
  static func isSample(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    var repeats = 0
    for index in start..<end {
      if let length = samples.match(text, at: index), index + length <= end { return true }
      if text.at(index) == text.at(index + 1) { repeats += 1 }
    }
    return repeats * 2 > end - start
  }
}
