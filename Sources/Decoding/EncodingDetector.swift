import Bytes
import Text

/// Which encoding a run of bytes is in: marks first, then validity, then the likeliest reading.
public enum EncodingDetector {
  public struct Finding: Equatable, Sendable {
    public let encoding: TextEncoding
    /// Bytes of the byte order mark in front.
    public let mark: Int
  }

  /// - Parameter sample: the first bytes of the file; may be cut anywhere. nil: no text in any encoding ("binary").
  public static func detect(_ sample: UnsafeBufferPointer<UInt8>) -> Finding? {
    if let marked = byteOrderMark(sample) { return marked }
    let invalid = UTF8Text.firstInvalid(sample)
    let isUTF8 = invalid == nil || (sample.count - invalid! < 4 && isCutSequence(sample, at: invalid!))
    let counts = ByteCounts(sample)
    if counts.nuls * 50 > sample.count || !isUTF8 {
      if let wide = wideEncoding(sample) { return Finding(encoding: wide, mark: 0) }
    }
    if counts.controls * 20 > sample.count { return nil }
    if isUTF8, !counts.isEightBit, let hidden = SevenBit.detect(sample) { return Finding(encoding: hidden, mark: 0) }
    if isUTF8 || isMixed(sample) { return Finding(encoding: .utf8, mark: 0) }
    return Finding(encoding: eightBit(sample, counts), mark: 0)
  }

  static func byteOrderMark(_ sample: UnsafeBufferPointer<UInt8>) -> Finding? {
    let marks: [([UInt8], TextEncoding)] = [
      ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian),
      ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian), ([0x84, 0x31, 0x95, 0x33], .gb18030),
    ]
    for (mark, encoding) in marks where sample.count >= mark.count && sample.prefix(mark.count).elementsEqual(mark) {
      return Finding(encoding: encoding, mark: mark.count)
    }
    return nil
  }

  private static func isCutSequence(_ sample: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    sample[index] >= 0xC2 && sample[index] <= 0xF4 && sample[(index + 1)...].allSatisfy { $0 & 0xC0 == 0x80 }
  }

  /// Some lines are UTF-8 and some are not: such a file is read line by line. In another encoding whole lines hardly
  /// ever happen to be UTF-8.
  private static func isMixed(_ sample: UnsafeBufferPointer<UInt8>) -> Bool {
    var valid = 0
    var invalid = 0
    for range in Lines(sample) {
      let line = UnsafeBufferPointer(rebasing: sample[range])
      if UTF8Text.firstInvalid(line) != nil {
        invalid += line.count
      } else if line.contains(where: { $0 >= 0xE0 }) {
        valid += line.count
      }
    }
    return valid * 10 >= max(invalid, 1)
  }

  /// The 8-bit encoding of bytes that are not valid UTF-8 as a whole: the one in which they are likeliest. UTF-8 itself
  /// when they are damaged UTF-8.
  static func eightBit(_ sample: UnsafeBufferPointer<UInt8>) -> TextEncoding { eightBit(sample, ByteCounts(sample)) }

  private static func eightBit(_ sample: UnsafeBufferPointer<UInt8>, _ counts: ByteCounts) -> TextEncoding {
    var best = TextEncoding.utf8
    var least = ReadingCost.UTF8.of(sample)
    let western = ReadingCost.Western.of(sample)
    if western < least {
      least = western
      best = counts.undefined1252 > 0 || counts.c1 == 0 ? .latin1 : .windows1252
    }
    for set in DoubleByteSet.all {
      let cost = set.cost(sample)
      if cost < least { (least, best) = (cost, set.encoding) }
    }
    return best
  }

  /// UTF-32 or UTF-16 without a mark: nearly all code units must be letters, ideographs or ASCII.
  static func wideEncoding(_ sample: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    if sample.count < 4 { return nil }
    if scalarShare(sample, swapped: false) > 0.99 { return .utf32LittleEndian }
    if scalarShare(sample, swapped: true) > 0.99 { return .utf32BigEndian }
    let little = wideShare(sample, swapped: false)
    let big = wideShare(sample, swapped: true)
    if max(little, big) < 0.9 { return nil }
    return little >= big ? .utf16LittleEndian : .utf16BigEndian
  }

  /// Share of four-byte units that are scalars of a plane in use: no other kind of bytes comes near.
  private static func scalarShare(_ sample: UnsafeBufferPointer<UInt8>, swapped: Bool) -> Double {
    var scalars = 0
    let units = min(sample.count, 1 << 16) / 4
    for unit in 0..<units {
      let bytes = (0..<4).map { UInt32(sample[4 * unit + (swapped ? 3 - $0 : $0)]) }
      let isInUse = bytes[3] == 0 && (bytes[2] < 4 || bytes[2] == 0x0E) && bytes[0] | bytes[1] | bytes[2] > 0
      if isInUse && !(bytes[2] == 0 && bytes[1] & 0xF8 == 0xD8) { scalars += 1 }
    }
    return Double(scalars) / Double(max(units, 1))
  }

  /// Share of two-byte units that are ordinary text.
  private static func wideShare(_ sample: UnsafeBufferPointer<UInt8>, swapped: Bool) -> Double {
    var ordinary = 0
    var separators = 0
    var plain = 0
    let units = min(sample.count, 1 << 16) / 2
    for unit in 0..<units {
      let low = UInt32(sample[2 * unit + (swapped ? 1 : 0)])
      let value = UInt32(sample[2 * unit + (swapped ? 0 : 1)]) << 8 | low
      if isOrdinary(value) { ordinary += 1 }
      if low >= 0x20 && low < 0x7F && value >= 0x2000 && value < 0x7F00 { plain += 1 }
      if isSeparator(value) { separators += 1 }
    }
    // Pairs of ASCII bytes are ideographs too: of Chinese text a quarter are such, of ASCII nearly all.
    if plain * 5 > units * 3 { return 0 }
    return separators * 200 < units ? 0 : Double(ordinary) / Double(max(units, 1))
  }

  /// No text does without spaces, line ends or full stops; pairs of ASCII bytes that happen to be ideographs do.
  private static func isSeparator(_ unit: UInt32) -> Bool {
    unit < 0x80 || unit == 0x3001 || unit == 0x3002 || unit == 0xFF0C
  }

  private static func isOrdinary(_ unit: UInt32) -> Bool {
    switch unit {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x17F, 0x370...0x4FF, 0x2010...0x2BFF, 0x3000...0x30FF, 0x3400...0x9FFF,
      0xFF01...0xFF5E:
      true
    default: false
    }
  }
}

/// What one pass over the bytes counts for the decisions above.
struct ByteCounts {
  private(set) var nuls = 0
  /// C0 controls other than white space, escape, shifts and backspace.
  private(set) var controls = 0
  private(set) var c1 = 0
  private(set) var isEightBit = false
  /// Bytes that Windows-1252 leaves undefined.
  private(set) var undefined1252 = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes {
      if byte < 0x20 {
        countControl(byte)
        continue
      }
      if byte >= 0x80 { isEightBit = true }
      if byte >= 0x80 && byte < 0xA0 {
        c1 += 1
        if byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D { undefined1252 += 1 }
      }
    }
  }

  private mutating func countControl(_ byte: UInt8) {
    switch byte {
    case 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x1B: return
    default: controls += 1
    }
    if byte == 0 { nuls += 1 }
  }
}
