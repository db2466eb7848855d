import Bytes

/// Which encoding a run of bytes is in: marks first, then validity, then how much the reading looks like a language.
public enum EncodingDetector {
  public struct Finding: Equatable, Sendable {
    public let encoding: TextEncoding
    /// Bytes of the byte order mark in front.
    public let mark: Int
  }

  /// Least plausibility of a double-byte reading; Latin text read as such stays far below.
  static let leastPlausible = 0.8

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
    if isUTF8 { return Finding(encoding: .utf8, mark: 0) }
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

  /// The 8-bit encoding of bytes that are not valid UTF-8 as a whole.
  static func eightBit(_ sample: UnsafeBufferPointer<UInt8>) -> TextEncoding { eightBit(sample, ByteCounts(sample)) }

  private static func eightBit(_ sample: UnsafeBufferPointer<UInt8>, _ counts: ByteCounts) -> TextEncoding {
    if counts.looksLikeUTF8 { return .utf8 }
    if !counts.isWestern, let asian = doubleByte(sample) { return asian }
    return counts.undefined1252 > 0 || counts.c1 == 0 ? .latin1 : .windows1252
  }

  /// The most plausible double-byte encoding, when one is plausible at all.
  static func doubleByte(_ sample: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    let scored = DoubleByteSet.all.map { ($0.plausibility(sample), $0.encoding) }
    guard let best = scored.max(by: { $0.0 < $1.0 }), best.0 >= leastPlausible else { return nil }
    return best.1
  }

  /// UTF-32 or UTF-16 without a mark: nearly all code units must be letters, ideographs or ASCII.
  static func wideEncoding(_ sample: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    if sample.count < 4 { return nil }
    if wideShare(sample, unit: 4, swapped: false) > 0.95 { return .utf32LittleEndian }
    if wideShare(sample, unit: 4, swapped: true) > 0.95 { return .utf32BigEndian }
    let little = wideShare(sample, unit: 2, swapped: false)
    let big = wideShare(sample, unit: 2, swapped: true)
    if max(little, big) < 0.9 { return nil }
    return little >= big ? .utf16LittleEndian : .utf16BigEndian
  }

  /// Share of code units that are ordinary text.
  private static func wideShare(_ sample: UnsafeBufferPointer<UInt8>, unit: Int, swapped: Bool) -> Double {
    var ordinary = 0
    var separators = 0
    var units = 0
    var index = 0
    while index + unit <= min(sample.count, 1 << 16) {
      var value: UInt32 = 0
      for byte in 0..<unit { value |= UInt32(sample[index + byte]) << UInt32(8 * (swapped ? unit - 1 - byte : byte)) }
      if isOrdinary(value) { ordinary += 1 }
      if isSeparator(value) { separators += 1 }
      units += 1
      index += unit
    }
    return separators * 200 < units ? 0 : Double(ordinary) / Double(units)
  }

  /// No text does without spaces, line ends or full stops; pairs of ASCII bytes that happen to be ideographs do.
  private static func isSeparator(_ unit: UInt32) -> Bool {
    unit < 0x80 || unit == 0x3001 || unit == 0x3002 || unit == 0xFF0C
  }

  private static func isOrdinary(_ unit: UInt32) -> Bool {
    switch unit {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x17F, 0x370...0x4FF, 0x2010...0x203B, 0x3000...0x30FF, 0x4E00...0x9FFF,
      0xFF01...0xFF5E:
      true
    default: false
    }
  }
}

/// What one pass over the bytes counts for the decisions above.
struct ByteCounts {
  private(set) var nuls = 0
  /// C0 controls other than white space, escape and backspace.
  private(set) var controls = 0
  private(set) var c1 = 0
  /// Bytes that Windows-1252 leaves undefined.
  private(set) var undefined1252 = 0
  private var validSequences = 0
  private var longSequences = 0
  private var invalidBytes = 0
  private var highRuns = 0
  private var singleRuns = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte < 0x20 { countControl(byte) }
        index += 1
        continue
      }
      if index == 0 || bytes[index - 1] < 0x80 {
        highRuns += 1
        if index + 1 == bytes.count || bytes[index + 1] < 0x80 { singleRuns += 1 }
        // Big5's dash, A1 58: often the only Chinese character of an English text.
        if byte == 0xA1, index + 1 < bytes.count, bytes[index + 1] == 0x58 { singleRuns -= 1 }
      }
      if byte < 0xA0 {
        c1 += 1
        if byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D { undefined1252 += 1 }
      }
      let length = UTF8Text.scalarLength(bytes, at: index)
      if length == 0 { invalidBytes += 1 } else { validSequences += 1 }
      if length > 2 { longSequences += 1 }
      index += max(length, 1)
    }
  }

  private mutating func countControl(_ byte: UInt8) {
    switch byte {
    case 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B: return
    default: controls += 1
    }
    if byte == 0 { nuls += 1 }
  }

  /// High bytes stand alone among ASCII ones, as accented letters and quotes do.
  var isWestern: Bool { highRuns > 0 && singleRuns * 10 >= highRuns * 9 }

  /// Damaged or mixed UTF-8: valid sequences are too many for chance.
  var looksLikeUTF8: Bool {
    validSequences >= max(invalidBytes, 1) || (longSequences >= 8 && longSequences * 3 >= invalidBytes)
  }
}
