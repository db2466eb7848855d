import CKernels

/// What lines look like: ends, bullets, lengths, duplicates.
struct LineMeter {
  private(set) var lines = 0
  private(set) var bulletLines = 0
  private(set) var ellipsisLines = 0
  private(set) var endedLines = 0
  private(set) var shortLines = 0
  private(set) var numericLines = 0
  private(set) var duplicateLines = 0
  private(set) var duplicateCharacters = 0
  private(set) var paragraphs = 0
  private(set) var duplicateParagraphs = 0
  private(set) var longest = 0
  private(set) var visible = 0
  private var seenLines = HashSet()
  private var seenParagraphs = HashSet()
  private var paragraphHash: UInt64 = 0

  /// One line's running state, kept by the scanner.
  struct Line {
    var start = 0
    var visible = 0
    var wide = 0
    var digits = 0
    var first: UInt32 = 0
    var last: UInt32 = 0
    var dots = 0
  }

  func deallocate() {
    seenLines.deallocate()
    seenParagraphs.deallocate()
  }

  mutating func end(_ line: Line, _ text: UnsafeBufferPointer<UInt8>, to end: Int) {
    guard line.visible > 0 else { return endParagraph() }
    lines += 1
    visible += line.visible
    longest = max(longest, line.visible)
    if LineMeter.isBullet(line.first) { bulletLines += 1 }
    if line.last == 0x2026 || line.dots >= 3 { ellipsisLines += 1 }
    if LineMeter.endsSentence(line.last) { endedLines += 1 }
    if line.visible + line.wide <= 30 { shortLines += 1 }
    if line.digits * 2 > line.visible { numericLines += 1 }
    let hash = LineMeter.hash(text, trimming: line.start..<end)
    if !seenLines.insert(hash) {
      duplicateLines += 1
      duplicateCharacters += line.visible
    }
    paragraphHash = (paragraphHash ^ hash) &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  mutating func endParagraph() {
    guard paragraphHash != 0 else { return }
    paragraphs += 1
    if !seenParagraphs.insert(paragraphHash) { duplicateParagraphs += 1 }
    paragraphHash = 0
  }

  private static func isBullet(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2022, 0x25CF, 0x25CB, 0x25A0, 0x25A1, 0x25AA, 0x25AB, 0x2013, 0x2023, 0x2D, 0x2A, 0xB7: true
    default: false
    }
  }

  /// Marks that end a sentence or a verse, Latin and Chinese.
  private static func endsSentence(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2E, 0x21, 0x3F, 0x22, 0x27, 0x3A, 0x3B, 0x29, 0x2026, 0x201D, 0x2019, 0x3002, 0xFF01, 0xFF1F, 0xFF1B, 0xFF1A,
      0x300D, 0x300F, 0x300B, 0xFF09, 0xFF0C, 0xFF0E:
      true
    default: false
    }
  }

  /// A hash of the line's bytes without white space at its ends.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>, trimming range: Range<Int>) -> UInt64 {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, text[start] <= 0x20 { start += 1 }
    while end > start, text[end - 1] <= 0x20 { end -= 1 }
    var hash = UInt64(end - start)
    let raw = UnsafeRawBufferPointer(text)
    while start + 8 <= end {
      hash = (hash ^ raw.loadUnaligned(fromByteOffset: start, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      start += 8
    }
    while start < end {
      hash = (hash ^ UInt64(text[start])) &* 0x0000_0100_0000_01B3
      start += 1
    }
    return hash ^ hash >> 31
  }
}

/// A growing set of 64-bit hashes.
struct HashSet {
  private var slots: UnsafeMutablePointer<UInt64>
  private var size = 64
  private var used = 0

  init() {
    slots = .allocate(capacity: 64)
    slots.initialize(repeating: 0, count: 64)
  }

  func deallocate() { slots.deallocate() }

  /// True when the hash is new.
  mutating func insert(_ hash: UInt64) -> Bool {
    if used * 2 >= size { grow() }
    let key = hash == 0 ? 1 : hash
    var place = Int(truncatingIfNeeded: key &* 0xD6E8_FEB8_6659_FD93 >> 20) & (size - 1)
    while slots[place] != 0 {
      if slots[place] == key { return false }
      place = (place + 1) & (size - 1)
    }
    slots[place] = key
    used += 1
    return true
  }

  private mutating func grow() {
    let old = UnsafeMutableBufferPointer(start: slots, count: size)
    size *= 4
    used = 0
    slots = .allocate(capacity: size)
    slots.initialize(repeating: 0, count: size)
    for key in old where key != 0 { _ = insert(key) }
    old.deallocate()
  }
}
