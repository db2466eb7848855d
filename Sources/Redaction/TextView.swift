/// Text with look-around: bytes beyond its ends read as 0, and Han or any other character beyond ASCII is a boundary.
struct TextView {
  let bytes: UnsafeBufferPointer<UInt8>

  var count: Int { bytes.count }

  @inline(__always)
  func at(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

  @inline(__always)
  static func isCapital(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

  @inline(__always)
  static func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) || byte == 0x5F }

  @inline(__always)
  static func lowered(_ byte: UInt8) -> UInt8 { isCapital(byte) ? byte + 32 : byte }

  func isDigit(at index: Int) -> Bool { TextView.isDigit(at(index)) }

  /// One past the last digit from `start` on.
  func endOfDigits(from start: Int) -> Int {
    var end = start
    while end < bytes.count, TextView.isDigit(bytes[end]) { end += 1 }
    return end
  }

  /// The first digit of the run that holds `index`, looked for no further back than 40 bytes.
  func startOfDigits(holding index: Int) -> Int {
    var start = index
    while start > 0, index - start < 40, TextView.isDigit(bytes[start - 1]) { start -= 1 }
    return start
  }

  /// Reads up to 8 digits as a number.
  func number(_ start: Int, _ length: Int) -> Int {
    var value = 0
    for index in start..<(start + length) { value = value * 10 + Int(at(index)) - 0x30 }
    return value
  }

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
    for offset in 0..<count where TextView.lowered(bytes[index + offset]) != word.utf8Start[offset] { return false }
    return true
  }

  /// Whether a Chinese character or punctuation stands within `reach` bytes of the range.
  func isNearHan(_ start: Int, _ end: Int, reach: Int = 60) -> Bool {
    for index in max(0, start - reach)..<min(bytes.count, end + reach)
    where (bytes[index] >= 0xE3 && bytes[index] <= 0xE9) || bytes[index] == 0xEF {
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

  /// The start of the line that holds `index`.
  func lineStart(_ index: Int, reach: Int = 4096) -> Int {
    var start = min(index, bytes.count)
    let stop = max(0, start - reach)
    while start > stop, bytes[start - 1] != 0x0A { start -= 1 }
    return start
  }

  /// The line's end, its line feed not included.
  func lineEnd(_ index: Int, reach: Int = 4096) -> Int {
    var end = index
    let stop = min(bytes.count, index + reach)
    while end < stop, bytes[end] != 0x0A { end += 1 }
    return end
  }

  /// FNV-1a over the digits and letters of a range, case folded: the value whatever its separators.
  func key(_ start: Int, _ end: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in start..<end where TextView.isAlphanumeric(bytes[index]) || bytes[index] >= 0x80 {
      hash = (hash ^ UInt64(TextView.lowered(bytes[index]))) &* 0x0000_0100_0000_01B3
    }
    return hash
  }

  /// FNV-1a over all bytes of a range, case folded.
  func exactKey(_ start: Int, _ end: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in start..<end { hash = (hash ^ UInt64(TextView.lowered(bytes[index]))) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}
