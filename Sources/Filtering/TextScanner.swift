import CKernels

/// One pass over the bytes of a text: characters, words and lines counted, units handed to the repetition meter.
struct TextScanner {
  private(set) var scalars = 0
  private(set) var visible = 0
  private(set) var han = 0
  private(set) var latin = 0
  private(set) var upper = 0
  private(set) var digits = 0
  private(set) var punctuation = 0
  private(set) var symbols = 0
  private(set) var kana = 0
  private(set) var otherLetters = 0
  private(set) var brackets = 0
  private(set) var broken = 0
  private(set) var hashes = 0
  private(set) var ellipses = 0
  private(set) var newlines = 0
  private(set) var linkCharacters = 0
  private(set) var words = 0
  private(set) var wordCharacters = 0
  private(set) var alphabeticWords = 0
  private(set) var functionWords = 0
  private(set) var longestWord = 0
  private(set) var stopCharacters = 0
  private var stopWordsSeen: UInt64 = 0
  private var stopCharactersSeen: UInt64 = 0
  private(set) var lines = LineMeter()
  private(set) var repetition: RepetitionMeter
  private(set) var spread: CharacterSpread

  private var line = LineMeter.Line()
  private var word = Word()
  private var inLink = false
  private let text: UnsafeBufferPointer<UInt8>
  private let stopPlaces: UnsafeBufferPointer<UInt8>

  private struct Word {
    var length = 0
    var hash: UInt64 = 0
    var key: UInt32 = 0
    var letters = 0
  }

  init(_ text: UnsafeBufferPointer<UInt8>, stopPlaces: UnsafeBufferPointer<UInt8>) {
    self.text = text
    self.stopPlaces = stopPlaces
    repetition = RepetitionMeter(units: text.count / 2 + 1)
    spread = CharacterSpread(bytes: text.count)
  }

  func deallocate() {
    lines.deallocate()
    repetition.deallocate()
    spread.deallocate()
  }

  var distinctStopWords: Int { stopWordsSeen.nonzeroBitCount + stopCharactersSeen.nonzeroBitCount }

  mutating func scan() {
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        if byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A {
          index = letterRun(from: index)
        } else {
          narrow(byte, at: index)
          index += 1
        }
      } else {
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        if index + length > text.count { break }
        wide(byte, length, at: index)
        index += length
      }
    }
    endWord()
    lines.end(line, text, to: text.count)
    lines.endParagraph()
    repetition.closeWindow()
  }

  /// Counts the ASCII letters from `start` on; returns the offset behind them.
  @inline(__always)
  private mutating func letterRun(from start: Int) -> Int {
    var index = start
    var hash = word.hash
    var capitals = 0
    while index < text.count {
      let byte = text[index]
      let folded = byte | 0x20
      if folded &- 0x61 > 25 || byte >= 0x80 { break }
      hash = TextScanner.extended(hash, UInt32(folded))
      if word.length < 4 { word.key |= UInt32(folded) << UInt32(8 * word.length) }
      word.length += 1
      if byte < 0x60 { capitals += 1 }
      spread.add(UInt32(byte))
      index += 1
    }
    word.hash = hash
    let count = index - start
    word.letters += count
    scalars += count
    latin += count
    upper += capitals
    if line.visible == 0 { line.first = UInt32(text[start]) }
    visible += count
    line.visible += count
    line.last = UInt32(text[index - 1])
    line.dots = 0
    if inLink { linkCharacters += count }
    return index
  }

  @inline(__always)
  private static func extended(_ hash: UInt64, _ scalar: UInt32) -> UInt64 {
    (hash ^ UInt64(scalar)) &* 0x0000_0100_0000_01B3 &+ 0x9E37_79B9
  }

  @inline(__always)
  private mutating func narrow(_ byte: UInt8, at index: Int) {
    scalars += 1
    if byte >= 0x30 && byte <= 0x39 {
      digits += 1
      line.digits += 1
      extendWord(UInt32(byte))
      see(UInt32(byte))
    } else if byte <= 0x20 {
      space(byte, at: index)
    } else {
      mark(byte, at: index)
    }
  }

  private mutating func space(_ byte: UInt8, at index: Int) {
    endWord()
    inLink = false
    if byte == 0x0A {
      newlines += 1
      lines.end(line, text, to: index)
      line = LineMeter.Line()
      line.start = index + 1
    } else if byte != 0x20 && byte != 0x09 && byte != 0x0D {
      broken += byte == 0x0C || byte == 0x0B ? 0 : 1
    }
  }

  /// ASCII punctuation, symbols and DEL.
  @inline(__always)
  private mutating func mark(_ byte: UInt8, at index: Int) {
    let kind = ck_unicode_class(UInt32(byte))
    // An apostrophe or underscore inside a word belongs to it.
    if byte != 0x27 && byte != 0x5F { endWord() }
    if kind & CK_UNICODE_PUNCTUATION != 0 { punctuation += 1 } else { symbols += 1 }
    see(UInt32(byte))
    switch byte {
    case UInt8(ascii: "."):
      line.dots += 1
      if line.dots == 3 { ellipses += 1 }
    case UInt8(ascii: "#"): hashes += 1
    case UInt8(ascii: ":"):
      if index >= 4, index + 2 < text.count, text[index + 1] == 0x2F, text[index + 2] == 0x2F,
        text[index - 1] | 0x20 == 0x70 || text[index - 1] | 0x20 == 0x73,
        text[index - 2] | 0x20 == 0x70 || text[index - 2] | 0x20 == 0x74
      {
        inLink = true
        linkCharacters += 5
      }
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: ")"), UInt8(ascii: "]"): inLink = false
    default: break
    }
  }

  @inline(__always)
  private mutating func wide(_ first: UInt8, _ length: Int, at index: Int) {
    scalars += 1
    let second = UInt32(text[index + 1] & 0x3F)
    var scalar = (UInt32(first) & 0x1F) << 6 | second
    if length == 3 {
      scalar = (UInt32(first) & 0x0F) << 12 | second << 6 | UInt32(text[index + 2] & 0x3F)
      if scalar >= 0x3400 && scalar < 0xA000 { return ideograph(scalar) }
    } else if length == 4 {
      scalar =
        (UInt32(first) & 0x07) << 18 | second << 12 | UInt32(text[index + 2] & 0x3F) << 6
        | UInt32(text[index + 3] & 0x3F)
    }
    other(scalar)
  }

  @inline(__always)
  private mutating func ideograph(_ scalar: UInt32) {
    endWord()
    inLink = false
    han += 1
    words += 1
    wordCharacters += 1
    alphabeticWords += 1
    line.wide += 1
    see(scalar)
    repetition.append(UInt64(scalar) &* 0xBF58_476D_1CE4_E5B9 | 1, characters: 1, isHan: true)
    let offset = Int(scalar) - 0x4E00
    if offset >= 0 && offset < 0x5200 {
      let place = stopPlaces[offset]
      if place != 0 {
        stopCharacters += 1
        stopCharactersSeen |= 1 << UInt64(place - 1)
      }
    }
  }

  private mutating func other(_ scalar: UInt32) {
    let kind = ck_unicode_class(scalar)
    if scalar == 0x2019 && word.length > 0 {
      punctuation += 1
      return see(scalar)
    }
    if kind & CK_UNICODE_LETTER != 0 && (scalar >= 0x20000 || (scalar >= 0xF900 && scalar <= 0xFAFF)) {
      return ideograph(scalar)
    }
    inLink = false
    if kind & (CK_UNICODE_LETTER | CK_UNICODE_MARK) != 0 { return letter(scalar, kind) }
    if kind & CK_UNICODE_NUMBER != 0 {
      digits += 1
      line.digits += 1
      extendWord(scalar)
      return see(scalar)
    }
    endWord()
    if kind & CK_UNICODE_SPACE != 0 { return }
    see(scalar)
    if scalar > 0x2E7F && scalar < 0xFF00 { line.wide += 1 }
    if kind & CK_UNICODE_PUNCTUATION != 0 {
      punctuation += 1
      if scalar == 0x2026 { ellipses += 1 }
      if scalar == 0x3010 || scalar == 0x3011 { brackets += 1 }
    } else if kind & CK_UNICODE_SYMBOL != 0 && scalar != 0xFFFD {
      symbols += 1
    } else if !(scalar >= 0x200B && scalar <= 0x2064) && scalar != 0xFEFF {
      // Private use, unassigned, replacement; joiners and marks of direction are harmless.
      broken += 1
    }
  }

  private mutating func letter(_ scalar: UInt32, _ kind: UInt8) {
    if scalar < 0x250 || (scalar >= 0x1E00 && scalar < 0x1F00) || (scalar >= 0xFF21 && scalar <= 0xFF5A) {
      latin += 1
      if kind & CK_UNICODE_UPPER != 0 { upper += 1 }
    } else if scalar >= 0x3040 && scalar <= 0x30FF {
      kana += 1
      otherLetters += 1
    } else if kind & CK_UNICODE_LETTER != 0 && scalar != 0x3005 && scalar != 0x3007 {
      otherLetters += 1
    }
    word.letters += 1
    see(scalar)
    if scalar >= 0x3040 && scalar < 0xD800 {
      endWord()
      line.wide += 1
      words += 1
      wordCharacters += 1
      alphabeticWords += 1
      repetition.append(UInt64(scalar) &* 0xBF58_476D_1CE4_E5B9 | 1, characters: 1, isHan: true)
    } else {
      extendWord(scalar)
    }
  }

  /// A visible character of the line.
  @inline(__always)
  private mutating func see(_ scalar: UInt32) {
    visible += 1
    if line.visible == 0 { line.first = scalar }
    line.visible += 1
    line.last = scalar
    if scalar != 0x2E { line.dots = 0 }
    if inLink { linkCharacters += 1 }
    spread.add(scalar)
  }

  @inline(__always)
  private mutating func extendWord(_ folded: UInt32) {
    word.hash = TextScanner.extended(word.hash, folded)
    if word.length < 4 { word.key |= (folded & 0xFF) << UInt32(8 * word.length) }
    word.length += 1
  }

  @inline(__always)
  private mutating func endWord() {
    if word.length == 0 { return }
    words += 1
    wordCharacters += word.length
    if word.letters > 0 { alphabeticWords += 1 }
    if word.length > longestWord { longestWord = word.length }
    if word.length <= 4 { lookUp(word.key) }
    // Addresses share their beginnings; that is no repetition of text.
    if !inLink { repetition.append(word.hash, characters: word.length, isHan: false) }
    word = Word()
  }

  @inline(__always)
  private mutating func lookUp(_ key: UInt32) {
    let place = StopWordTable.place(key)
    if place == 0 { return }
    functionWords += 1
    if place <= 8 { stopWordsSeen |= 1 << UInt64(place - 1) }
  }
}
