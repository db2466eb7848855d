import Documents

/// A line as the carver sees it.
struct CarveLine {
  /// First byte, first byte that is no space or tab, end without the line feed, start of the next line.
  let start: Int
  let body: Int
  let end: Int
  let next: Int
  /// Columns before the body; a tab goes on to the next multiple of 4.
  let indent: Int

  var isBlank: Bool { body == end }

  @inline(__always)
  init(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
    var end = ByteSearch.next(0x0A, text, from: start) ?? text.count
    next = min(text.count, end + 1)
    if end > start, text[end - 1] == 0x0D { end -= 1 }
    var body = start
    var indent = 0
    while body < end, text[body] == 0x20 || text[body] == 0x09 {
      indent = text[body] == 0x20 ? indent + 1 : (indent | 3) + 1
      body += 1
    }
    self.start = start
    self.body = body
    self.end = end
    self.indent = indent
  }
}

/// One pass over the lines of a text; each kind of block has its own file.
struct CarveScan {
  let text: UnsafeBufferPointer<UInt8>
  private(set) var segments: [Segment] = []
  /// Where inline math of an earlier line ended.
  var carvedTo = 0
  /// What was searched in vain, so that nothing is searched twice.
  var fences = FenceMemory()
  var environments = EnvironmentMemory()
  /// Indented lines before this offset are no code.
  var indentedTo = 0
  private let hasMath: Bool

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    hasMath = ByteSearch.next(0x24, text, from: 0) != nil || ByteSearch.next(0x5C, text, from: 0) != nil
  }

  mutating func run() {
    var place = 0
    var previous: CarveLine?
    while place < text.count {
      let line = CarveLine(text, from: place)
      if line.isBlank {
        place = line.next
      } else if line.start >= carvedTo, let (kind, range) = block(line, after: previous) {
        add(kind, range)
        place = range.upperBound
        // A block may end inside a line: what follows on it is read as a line of its own.
        carvedTo = place
      } else {
        if hasMath { inlineMath(line) }
        place = line.next
      }
      previous = line
    }
  }

  private mutating func block(_ line: CarveLine, after previous: CarveLine?) -> (Segment.Kind, Range<Int>)? {
    switch text[line.body] {
    case UInt8(ascii: "`"), UInt8(ascii: "~"):
      if let range = fence(line) { return (.code, range) }
    case UInt8(ascii: "$"), UInt8(ascii: "\\"):
      if let found = mathBlock(line) { return found }
    case UInt8(ascii: "|"), UInt8(ascii: "-"), UInt8(ascii: ":"):
      if let previous, let range = table(line, header: previous) { return (.table, range) }
    default: break
    }
    if line.indent >= 4, previous?.isBlank ?? true, line.start >= indentedTo, let range = indentedCode(line) {
      return (.code, range)
    }
    return nil
  }

  /// A table's header may have been read as a line of prose with math in it before its second line told what it is.
  mutating func add(_ kind: Segment.Kind, _ range: Range<Int>) {
    while let last = segments.last, last.offset >= range.lowerBound { segments.removeLast() }
    segments.append(Segment(kind, range))
  }

  func starts(_ prefix: StaticString, at place: Int) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard place + count <= text.count else { return false }
    for offset in 0..<count where text[place + offset] != prefix.utf8Start[offset] { return false }
    return true
  }
}
