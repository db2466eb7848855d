import Glibc

/// Cuts HTML into tags and text in one pass: broken markup becomes text or nothing, and no byte is looked at more than
/// a few times, whatever the input.
struct HTMLScanner {
  enum Token {
    case text(Range<Int>)
    case tag(HTMLTag)
    case end
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var index = 0
  /// Set when a search ran to the end without success, so that it is never repeated.
  private var hasNoCommentEnd = false
  private var hasNoTagEnd = false
  private var ignoresQuotes = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func next() -> Token {
    while index < bytes.count {
      if bytes[index] != UInt8(ascii: "<") || hasNoTagEnd || !beginsMarkup { return textToken() }
      let after = bytes[index + 1]
      if after == UInt8(ascii: "!") || after == UInt8(ascii: "?") {
        passDeclaration()
      } else if let tag = tagToken() {
        return .tag(tag)
      }
    }
    return .end
  }

  private var beginsMarkup: Bool {
    guard index + 1 < bytes.count else { return false }
    let after = bytes[index + 1]
    let letter = after | 0x20
    if letter >= 0x61 && letter <= 0x7A { return true }
    return after == UInt8(ascii: "/") || after == UInt8(ascii: "!") || after == UInt8(ascii: "?")
  }

  /// Text up to the next `<`; the byte at `index` belongs to it even when it is one.
  private mutating func textToken() -> Token {
    let start = index
    let rest = bytes.count - start - 1
    if !hasNoTagEnd, rest > 0, let found = memchr(bytes.baseAddress! + start + 1, Int32(UInt8(ascii: "<")), rest) {
      index = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
    } else {
      index = bytes.count
    }
    return .text(start..<index)
  }

  private mutating func passDeclaration() {
    let isComment = matches("<!--", at: index)
    if isComment, !hasNoCommentEnd {
      if let end = find("-->", from: index + 4) {
        index = end + 3
        return
      }
      hasNoCommentEnd = true
    }
    if let end = find(">", from: index + 1) {
      index = end + 1
    } else if isComment {
      index = bytes.count
    } else {
      hasNoTagEnd = true
    }
  }

  private mutating func tagToken() -> HTMLTag? {
    let isEnd = bytes[index + 1] == UInt8(ascii: "/")
    let nameStart = index + (isEnd ? 2 : 1)
    guard let close = tagEnd(from: nameStart) else {
      hasNoTagEnd = true
      return nil
    }
    var nameEnd = nameStart
    while nameEnd < close, bytes[nameEnd] > 0x20, bytes[nameEnd] != UInt8(ascii: "/") { nameEnd += 1 }
    let name = HTMLName(UnsafeBufferPointer(rebasing: bytes[nameStart..<nameEnd]))
    let isBoilerplate =
      !isEnd && HTMLName.containers.contains(name)
      && HTMLBoilerplate.isIn(UnsafeBufferPointer(rebasing: bytes[nameEnd..<close]))
    let isSelfClosing = close > nameStart && bytes[close - 1] == UInt8(ascii: "/")
    index = close + 1
    let isHidden = name == HTMLName.span && find("hidden", from: nameEnd).map { $0 < close } ?? false
    return HTMLTag(
      name: name, isEnd: isEnd, isSelfClosing: isSelfClosing, isBoilerplate: isBoilerplate, isHidden: isHidden,
      attributes: nameEnd..<close)
  }

  /// The `>` of a tag; those inside quoted attributes do not count.
  private mutating func tagEnd(from start: Int) -> Int? {
    var position = start
    var first: Int?
    var quote: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ">") {
        if quote == 0 { return position }
        if first == nil { first = position }
      } else if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == 0x22 || byte == 0x27, !ignoresQuotes,
        bytes[position - 1] == UInt8(ascii: "=") || bytes[position - 1] <= 0x20
      {
        quote = byte
      }
      position += 1
    }
    if quote != 0 { ignoresQuotes = true }
    return first
  }

  /// Passes over the content of a raw element and its end tag; the content.
  @discardableResult
  mutating func passRaw(_ name: HTMLName) -> Range<Int> {
    let start = index
    while let found = find("</", from: index) {
      index = found + 2
      let content = start..<found
      var end = index
      while end < bytes.count, bytes[end] > 0x20, bytes[end] != UInt8(ascii: ">") { end += 1 }
      if HTMLName(UnsafeBufferPointer(rebasing: bytes[index..<end])) == name {
        index = find(">", from: end).map { $0 + 1 } ?? bytes.count
        return content
      }
    }
    index = bytes.count
    return start..<bytes.count
  }

  /// The end of the element's content when its end tag comes within `limit` bytes; nothing is passed over.
  func content(of name: StaticString, limit: Int) -> Range<Int>? {
    let stop = min(bytes.count, index + limit)
    let part = HTMLScanner(UnsafeBufferPointer(rebasing: bytes[..<stop]))
    return part.find(name, from: index).map { index..<$0 }
  }

  mutating func pass(to place: Int) { index = place }

  /// Where `text` begins in a range of the page.
  func place(of text: StaticString, in range: Range<Int>) -> Int? {
    HTMLScanner(UnsafeBufferPointer(rebasing: bytes[..<range.upperBound])).find(text, from: range.lowerBound)
  }

  private func matches(_ text: StaticString, at start: Int) -> Bool {
    start + text.utf8CodeUnitCount <= bytes.count
      && memcmp(bytes.baseAddress! + start, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  private func find(_ text: StaticString, from start: Int) -> Int? {
    let length = text.utf8CodeUnitCount
    var position = start
    while position + length <= bytes.count {
      guard let found = memchr(bytes.baseAddress! + position, Int32(text.utf8Start[0]), bytes.count - position) else {
        return nil
      }
      position = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
      if matches(text, at: position) { return position }
      position += 1
    }
    return nil
  }
}
