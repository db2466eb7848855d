import CKernels

/// Cuts text into pre-tokens ("words") exactly as the regular expressions of `SplitPattern` do.
///
/// The text is expected to be UTF-8. A byte that begins no well-formed character counts as a symbol of its own, so that
/// any byte string can be cut, and joined again without loss. Nothing is read outside the text.
public struct WordScanner {
  private let base: UnsafePointer<UInt8>
  /// Where the text ends: `$` and the look-ahead of the patterns act here.
  public let end: Int
  let pattern: SplitPattern

  /// A scanner over `count` bytes at `base`, which must outlive it.
  public init(base: UnsafePointer<UInt8>, count: Int, pattern: SplitPattern) {
    self.base = base
    self.end = count
    self.pattern = pattern
  }

  /// The end of the word that begins at byte offset `start` (0 <= start < end).
  public func wordEnd(from start: Int) -> Int {
    switch pattern {
    case .qwen2: return modernEnd(start, digits: 1)
    case .cl100k: return modernEnd(start, digits: 3)
    case .gpt2: return gpt2End(start)
    }
  }

  /// cl100k and Qwen2: contraction | prefix? letters | digits | space? symbols newlines* | white space.
  @inline(__always)
  private func modernEnd(_ start: Int, digits: Int) -> Int {
    let first = base[start]
    if isASCIILetter(first) { return lettersEnd(start &+ 1) }
    if first == 0x20, start &+ 1 < end, isASCIILetter(base[start &+ 1]) { return lettersEnd(start &+ 2) }
    let character = character(at: start)
    let next = start &+ character.length
    if character.classes & CK_UNICODE_LETTER != 0 { return lettersEnd(next) }
    if character.classes & CK_UNICODE_NUMBER != 0 { return numbersEnd(next, atMost: digits &- 1) }
    if first == 0x27 {
      let contraction = contractionEnd(start, foldCase: true)
      if contraction > start { return contraction }
    }
    if first != 0x0A, first != 0x0D, next < end {
      let following = self.character(at: next)
      if following.classes & CK_UNICODE_LETTER != 0 { return lettersEnd(next &+ following.length) }
      if first == 0x20, following.classes & notSymbol == 0 {
        return newlinesEnd(symbolsEnd(next &+ following.length))
      }
    }
    if character.classes & CK_UNICODE_SPACE != 0 { return spacesEnd(start, newlinesAlone: true) }
    return newlinesEnd(symbolsEnd(next))
  }

  /// GPT-2: contraction (lower case) | space? letters | space? digits | space? symbols | white space.
  private func gpt2End(_ start: Int) -> Int {
    let first = base[start]
    if first == 0x27 {
      let contraction = contractionEnd(start, foldCase: false)
      if contraction > start { return contraction }
    }
    var head = character(at: start)
    var next = start &+ head.length
    if first == 0x20, next < end {
      let following = character(at: next)
      if following.classes & CK_UNICODE_SPACE == 0 {
        head = following
        next &+= following.length
      }
    }
    if head.classes & CK_UNICODE_LETTER != 0 { return lettersEnd(next) }
    if head.classes & CK_UNICODE_NUMBER != 0 { return numbersEnd(next, atMost: Int.max) }
    if head.classes & CK_UNICODE_SPACE != 0 { return spacesEnd(start, newlinesAlone: false) }
    return symbolsEnd(next)
  }

  private func lettersEnd(_ start: Int) -> Int {
    var position = start
    while position < end {
      let byte = base[position]
      if isASCIILetter(byte) {
        position &+= 1
        continue
      }
      if byte < 0x80 { return position }
      let character = character(at: position)
      if character.classes & CK_UNICODE_LETTER == 0 { return position }
      position &+= character.length
    }
    return position
  }

  private func numbersEnd(_ start: Int, atMost limit: Int) -> Int {
    var position = start
    var left = limit
    while left > 0, position < end {
      let character = character(at: position)
      if character.classes & CK_UNICODE_NUMBER == 0 { break }
      position &+= character.length
      left &-= 1
    }
    return position
  }

  private func symbolsEnd(_ start: Int) -> Int {
    var position = start
    while position < end {
      let character = character(at: position)
      if character.classes & notSymbol != 0 { break }
      position &+= character.length
    }
    return position
  }

  private func newlinesEnd(_ start: Int) -> Int {
    var position = start
    while position < end, base[position] == 0x0A || base[position] == 0x0D { position &+= 1 }
    return position
  }

  /// White space: up to its last line break where those stand alone (`\s*[\r\n]+`), else all but the last character
  /// (`\s+(?!\S)`), which goes with what follows, unless the text ends here or there is only one (`\s+`).
  private func spacesEnd(_ start: Int, newlinesAlone: Bool) -> Int {
    var position = start
    var last = start
    var afterNewline = start
    while position < end {
      let character = character(at: position)
      if character.classes & CK_UNICODE_SPACE == 0 { break }
      last = position
      position &+= character.length
      if base[last] == 0x0A || base[last] == 0x0D { afterNewline = position }
    }
    if newlinesAlone, afterNewline > start { return afterNewline }
    return position == end || last == start ? position : last
  }

  /// The end of `'s 't 're 've 'm 'll 'd` at `start`, or `start` if there is none. Folding case, U+017F counts as s.
  private func contractionEnd(_ start: Int, foldCase: Bool) -> Int {
    let left = end &- start
    if left < 2 { return start }
    let fold: UInt8 = foldCase ? 0x20 : 0
    let first = base[start &+ 1]
    switch first | fold {
    case 0x73, 0x74, 0x6D, 0x64: return start &+ 2  // s t m d
    case 0x72, 0x76: return left > 2 && base[start &+ 2] | fold == 0x65 ? start &+ 3 : start  // re ve
    case 0x6C: return left > 2 && base[start &+ 2] | fold == 0x6C ? start &+ 3 : start  // ll
    default: return foldCase && left > 2 && first == 0xC5 && base[start &+ 2] == 0xBF ? start &+ 3 : start
    }
  }
}

/// What neither a run of symbols nor its leading space may contain: letters, numbers, white space.
private let notSymbol = CK_UNICODE_LETTER | CK_UNICODE_NUMBER | CK_UNICODE_SPACE

@inline(__always)
func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

extension WordScanner {
  /// Class bits and length in bytes of the character at `position`; a malformed byte is a symbol of length 1.
  @inline(__always)
  func character(at position: Int) -> (classes: UInt8, length: Int) {
    let byte = base[position]
    if byte < 0x80 { return (ck_unicode_class(UInt32(byte)), 1) }
    return multibyteCharacter(at: position, lead: byte)
  }

  private func multibyteCharacter(at position: Int, lead: UInt8) -> (classes: UInt8, length: Int) {
    let left = end &- position
    if lead >= 0xE0, lead < 0xF0 {
      guard left >= 3, isContinuation(position &+ 1), isContinuation(position &+ 2) else { return (0, 1) }
      let code = UInt32(lead & 0x0F) << 12 | tail(position &+ 1) << 6 | tail(position &+ 2)
      return code < 0x800 || code & 0xF800 == 0xD800 ? (0, 1) : (ck_unicode_class(code), 3)
    }
    if lead >= 0xC2, lead < 0xE0 {
      guard left >= 2, isContinuation(position &+ 1) else { return (0, 1) }
      return (ck_unicode_class(UInt32(lead & 0x1F) << 6 | tail(position &+ 1)), 2)
    }
    guard lead >= 0xF0, lead < 0xF5, left >= 4, isContinuation(position &+ 1), isContinuation(position &+ 2),
      isContinuation(position &+ 3)
    else { return (0, 1) }
    let code =
      UInt32(lead & 0x07) << 18 | tail(position &+ 1) << 12 | tail(position &+ 2) << 6 | tail(position &+ 3)
    return code < 0x10000 || code > 0x10FFFF ? (0, 1) : (ck_unicode_class(code), 4)
  }

  @inline(__always)
  private func isContinuation(_ position: Int) -> Bool { base[position] & 0xC0 == 0x80 }

  @inline(__always)
  private func tail(_ position: Int) -> UInt32 { UInt32(base[position] & 0x3F) }
}
