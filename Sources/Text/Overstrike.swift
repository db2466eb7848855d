import Glibc

/// Backspaces as terminals show them: `x BS x` is one letter. Printed manual pages hold them.
enum Overstrike {
  static func isIn(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { $0.baseAddress.map { memchr($0, 0x08, text.count) != nil } ?? false }
  }

  static func resolved(_ text: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(text.count)
    for byte in text {
      if byte != 0x08 {
        kept.append(byte)
        continue
      }
      guard let last = kept.last, last != 0x0A else { continue }
      while let tail = kept.popLast(), tail & 0xC0 == 0x80 {}
    }
    return kept
  }
}
