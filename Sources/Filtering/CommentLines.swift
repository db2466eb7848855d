import Glibc

/// How much of a source file is comment: lines that begin like one, and what is between the marks of a block.
///
/// By the marks of the common languages, whatever the language: `//`, `/* */`, `#`, `--`, `;`, `%`, `<!-- -->`,
/// Python's strings of documentation, Perl's POD and Ruby's `=begin`.
struct CommentLines {
  private var comments = 0
  private var lines = 0
  /// The mark that ends the block that is open.
  private var closing: StaticString?

  /// Share of the lines that are not blank.
  static func share(_ text: UnsafeBufferPointer<UInt8>) -> Float {
    var counter = CommentLines()
    var start = 0
    while start < text.count {
      let found = memchr(text.baseAddress! + start, 0x0A, text.count - start)
      let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(text.baseAddress!) } ?? text.count
      counter.read(UnsafeBufferPointer(rebasing: text[start..<end]))
      start = end + 1
    }
    return counter.lines == 0 ? 0 : Float(counter.comments) / Float(counter.lines)
  }

  private static let blocks: [(open: StaticString, close: StaticString)] = [
    ("/*", "*/"), ("<!--", "-->"), ("\"\"\"", "\"\"\""), ("'''", "'''"), ("=begin", "=end"), ("=pod", "=cut"),
    ("=head", "=cut"),
  ]

  private mutating func read(_ line: UnsafeBufferPointer<UInt8>) {
    var body = line[...]
    while let first = body.first, first <= 0x20 { body = body.dropFirst() }
    guard let first = body.first else { return }
    lines += 1
    if let mark = closing {
      comments += 1
      if CommentLines.holds(body, mark) { closing = nil }
      return
    }
    if CommentLines.mayOpen(first), let block = CommentLines.blocks.first(where: { CommentLines.starts(body, $0.open) })
    {
      comments += 1
      if !CommentLines.holds(body.dropFirst(block.open.utf8CodeUnitCount), block.close) { closing = block.close }
    } else if CommentLines.isComment(first, body.dropFirst()) {
      comments += 1
    }
  }

  private static func mayOpen(_ first: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "="): true
    default: false
    }
  }

  /// `#` before a letter is a directive or a selector, a single `-`, `;` or `%` code.
  private static func isComment(_ first: UInt8, _ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let next = rest.first ?? 0x20
    let isLetter = next | 0x20 >= 0x61 && next | 0x20 <= 0x7A
    switch first {
    case UInt8(ascii: "/"), UInt8(ascii: "-"): return next == first
    case UInt8(ascii: "#"): return !isLetter && next != UInt8(ascii: "[")
    case UInt8(ascii: ";"), UInt8(ascii: "%"): return next == first || next <= 0x20
    default: return false
    }
  }

  private static func starts(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ mark: StaticString) -> Bool {
    let count = mark.utf8CodeUnitCount
    return text.count >= count && (0..<count).allSatisfy { text[text.startIndex + $0] == mark.utf8Start[$0] }
  }

  private static func holds(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ mark: StaticString) -> Bool {
    text.indices.contains { text[$0] == mark.utf8Start[0] && starts(text[$0...], mark) }
  }
}
