/// Something to mask or delete.
struct Finding {
  let kind: RedactionKind
  let start: Int
  let end: Int
  /// Hash of the normalised value, so that one value keeps one ordinal.
  let key: UInt64
}

/// What is masked, and how the placeholder calls it.
public enum RedactionKind: UInt8, CaseIterable, Sendable {
  case email, phone, identityCard, bankCard, ipv4, reprint

  /// As in placeholders; a reprint notice leaves none.
  public var label: String {
    switch self {
    case .email: "EMAIL"
    case .phone: "PHONE"
    case .identityCard: "ID_CARD"
    case .bankCard: "BANK_CARD"
    case .ipv4: "IPV4"
    case .reprint: "REPRINT"
    }
  }
}

/// Text with look-around: bytes beyond its ends read as 0, and Han or any other character beyond ASCII is a boundary.
struct TextView {
  let bytes: UnsafeBufferPointer<UInt8>

  @inline(__always)
  func at(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

  @inline(__always)
  static func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) || byte == 0x5F }

  func isDigit(at index: Int) -> Bool { TextView.isDigit(at(index)) }

  func has(_ word: StaticString, at index: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index >= 0, index + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[index + offset] != word.utf8Start[offset] { return false }
    return true
  }

  /// The same, ASCII letters of the text lower-cased.
  func hasFolded(_ word: StaticString, at index: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index >= 0, index + count <= bytes.count else { return false }
    for offset in 0..<count {
      let byte = bytes[index + offset]
      let folded = byte >= 0x41 && byte <= 0x5A ? byte + 32 : byte
      if folded != word.utf8Start[offset] { return false }
    }
    return true
  }

  /// Whether one of the words (lower case) stands within `reach` bytes before `index`, on the same line.
  func mentions(_ words: [StaticString], before index: Int, reach: Int) -> Bool {
    var place = index - 1
    let stop = max(0, index - reach)
    while place >= stop, bytes[place] != 0x0A {
      for word in words where place + word.utf8CodeUnitCount <= index && hasFolded(word, at: place) { return true }
      place -= 1
    }
    return false
  }

  /// Whether a Chinese character or punctuation stands within `reach` bytes of the range.
  func isNearHan(_ start: Int, _ end: Int, reach: Int = 60) -> Bool {
    for index in max(0, start - reach)..<min(bytes.count, end + reach)
    where bytes[index] >= 0xE3 && bytes[index] <= 0xE9 {
      return true
    }
    return false
  }

  /// Whether the place is part of a web address: its token has `://` or `www.` before it.
  func isInLink(_ index: Int) -> Bool {
    var place = index - 1
    let stop = max(0, index - 300)
    while place >= stop {
      let byte = bytes[place]
      if byte <= 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x3C || byte == 0x3E { return false }
      if byte == 0x3A, at(place + 1) == 0x2F, at(place + 2) == 0x2F { return true }
      if byte == 0x77 || byte == 0x57, hasFolded("www.", at: place) { return true }
      place -= 1
    }
    return false
  }

  /// FNV-1a over the digits (and X) of a range.
  func digitKey(_ start: Int, _ end: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in start..<end where TextView.isDigit(bytes[index]) || bytes[index] | 0x20 == 0x78 {
      hash = (hash ^ UInt64(bytes[index] & 0xDF | 0x10)) &* 0x0000_0100_0000_01B3
    }
    return hash
  }
}
