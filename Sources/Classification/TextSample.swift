/// The parts of a text that are read: all of a short one, else head, middle and tail.
enum TextSample {
  /// The whole text, or three parts that begin with a line where one begins in their first half.
  static func spans(_ text: UnsafeBufferPointer<UInt8>, most: Int) -> [Range<Int>] {
    if text.count <= most { return text.isEmpty ? [] : [0..<text.count] }
    let part = most / 3
    return [0, (text.count - part) / 2, text.count - part].map { begin in
      var start = begin
      while start > 0, start < begin + part / 2, text[start - 1] != 0x0A { start += 1 }
      if start > 0, text[start - 1] != 0x0A { start = begin }
      return start..<min(text.count, begin + part)
    }
  }
}
