import Bytes
import CKernels

/// The normalizer's work: one pass over the text, the clean text written behind it.
struct CleanWriter {
  private var out: [UInt8] = []
  private var feeds = 0
  private var previous: UInt32 = 0

  init(capacity: Int) { out.reserveCapacity(capacity) }

  mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else { return }
    var index = 0
    while index < text.count {
      let run = ck_next_unclean(base, index, text.count)
      if run > index {
        out.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<run]))
        previous = CleanWriter.lastScalar(text, before: run)
        feeds = 0
        index = run
        continue
      }
      index = text[index] < 0x80 ? control(text, at: index) : wide(text, at: index)
    }
  }

  private static func lastScalar(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> UInt32 {
    var start = end - 1
    while text[start] & 0xC0 == 0x80 { start -= 1 }
    return UTF8Text.scalar(text, at: start).value
  }

  mutating func finish() -> [UInt8] {
    trimSpaces()
    var lines = 0
    while out.last == 0x0A {
      out.removeLast()
      lines += 1
      trimSpaces()
    }
    if lines > 0 && !out.isEmpty { out.append(0x0A) }
    return out
  }

  private mutating func control(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    switch text[index] {
    case 0x0A, 0x0B, 0x0C: newline()
    case 0x0D:
      newline()
      if index + 1 < text.count, text[index + 1] == 0x0A { return index + 2 }
    case 0x1B: return EscapeSequence.end(text, at: index)
    default: break
    }
    return index + 1
  }

  private mutating func newline() {
    trimSpaces()
    previous = 0x0A
    if out.isEmpty || feeds > CleanText.blankLines { return }
    out.append(0x0A)
    feeds += 1
  }

  /// White space of every kind that ends the line.
  private mutating func trimSpaces() {
    while out.withUnsafeBufferPointer({ CleanText.endsInSpace($0, at: $0.count) }) {
      switch out[out.count - 1] {
      case 0xA0: out.removeLast(2)
      case 0x80: out.removeLast(3)
      default: out.removeLast()
      }
    }
    feeds = trailingFeeds()
  }

  private func trailingFeeds() -> Int {
    var count = 0
    while count <= CleanText.blankLines, count < out.count, out[out.count - 1 - count] == 0x0A { count += 1 }
    return count
  }

  private mutating func wide(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let (scalar, length) = UTF8Text.scalar(text, at: index)
    let end = index + length
    if scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029 {
      newline()
      return end
    }
    if Invisible.isCandidate(scalar) {
      let next = end < text.count ? UTF8Text.scalar(text, at: end).value : 0
      if !Invisible.isNeeded(scalar, after: previous, before: next) { return end }
    }
    out.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<end]))
    previous = scalar
    feeds = 0
    return end
  }
}
