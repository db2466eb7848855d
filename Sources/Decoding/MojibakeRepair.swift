import Bytes
import CKernels

/// Undoes wrong decodings: the text is encoded again as what it was taken for and decoded as what it was. Only where
/// every byte of a run or a line takes part and comes out well-formed is anything changed: what lost a byte on the way
/// stays as it is, and is flagged.
enum MojibakeRepair {
  /// Texts are found that went through it twice, or three times.
  private static let rounds = 3

  /// nil: nothing to undo, or nothing that can be proved.
  /// - Parameter text: well-formed UTF-8.
  static func undone(_ text: [UInt8]) -> [UInt8]? {
    var current = text
    var isChanged = false
    for _ in 0..<rounds {
      guard let next = round(current) else { break }
      current = next
      isChanged = true
    }
    return isChanged ? current : nil
  }

  private static func round(_ text: [UInt8]) -> [UInt8]? {
    text.withUnsafeBufferPointer { bytes in
      let suspicion = Suspicion(bytes)
      if suspicion.ofLatin, let undone = LatinMojibake.undone(bytes) { return undone }
      return suspicion.ofGBK ? GBKMojibake.undone(bytes) : nil
    }
  }

  /// The quick question that nearly all texts answer with no.
  private struct Suspicion {
    private(set) var ofLatin = false
    private(set) var ofGBK = false

    init(_ text: UnsafeBufferPointer<UInt8>) {
      guard let base = text.baseAddress else { return }
      var index = ck_next_mojibake(base, 0, text.count)
      while index + 2 < text.count, !(ofLatin && ofGBK) {
        if text[index] >= 0xE0 {
          if GBKMojibake.isTrace(text, at: index) { ofGBK = true }
          index += 3
        } else {
          // A letter that may have been a lead byte, and another character of Windows-1252 behind it.
          switch text[index] == 0xC3 ? text[index + 2] : 0 {
          case 0xC2, 0xC3, 0xC5, 0xC6, 0xCB, 0xE2: ofLatin = true
          default: break
          }
          index += 2
        }
        index = ck_next_mojibake(base, index, text.count)
      }
    }
  }
}

/// UTF-8, or a double-byte encoding, that was taken for Latin-1 or Windows-1252: `cafÃ©`, `ÖÐÎÄ`.
enum LatinMojibake {
  /// Characters that would have to be pairs: fewer may be any text.
  private static let leastHigh = 8

  static func undone(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    if let runs = UTF8Runs(text).undone() { return runs }
    if let bytes = Western.encode(text), let decoded = doubleByte(bytes) { return decoded }
    return byLine(text)
  }

  /// Line by line, where not all of the text went wrong.
  private static func byLine(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var isChanged = false
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.count
      let line = UnsafeBufferPointer(rebasing: text[start..<end])
      if let bytes = Western.encode(line), let decoded = doubleByte(bytes) {
        out += decoded
        isChanged = true
      } else {
        out.append(contentsOf: line)
      }
      start = end
    }
    return isChanged ? out : nil
  }

  /// The bytes read in the double-byte encoding that is likelier than Western text, if there is one and all decode.
  private static func doubleByte(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count(where: { $0 >= 0x80 }) >= leastHigh else { return nil }
    let encoding = bytes.withUnsafeBufferPointer { EncodingDetector.eightBit($0) }
    guard DoubleByteSet.all.contains(where: { $0.encoding == encoding }),
      let decoded = try? TextDecoder.convert(bytes, from: encoding), decoded.flags.isEmpty
    else { return nil }
    return decoded.text
  }
}

/// Runs of characters above ASCII whose Windows-1252 bytes are UTF-8.
private struct UTF8Runs {
  private let text: UnsafeBufferPointer<UInt8>
  private var found: [(range: Range<Int>, bytes: [UInt8])] = []
  /// Runs with letters that are no UTF-8: what a text that was decoded rightly is full of.
  private var wrong = 0
  private var isCertain = false

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    var index = 0
    while index < text.count {
      if text[index] < 0x80 {
        index += 1
        continue
      }
      index = takeRun(from: index)
    }
  }

  private static let lost: UInt32 = 0xFFFD

  /// Judges the characters of Windows-1252 from `start` on; where they end, or what is none of them.
  private mutating func takeRun(from start: Int) -> Int {
    var index = start
    var bytes: [UInt8] = []
    // Beside a byte that was lost nothing can be said.
    var isCut = start >= 3 && text[(start - 3)..<start].elementsEqual(TextDecoder.replacement)
    while index < text.count, text[index] >= 0x80 {
      let (scalar, length) = UTF8Text.scalar(text, at: index)
      guard let byte = Western.byte(scalar) else {
        isCut = isCut || scalar == UTF8Runs.lost
        if bytes.isEmpty { return index + length }
        break
      }
      bytes.append(byte)
      index += length
    }
    judge(start..<index, bytes, isCut: isCut)
    return index
  }

  private mutating func judge(_ range: Range<Int>, _ bytes: [UInt8], isCut: Bool) {
    if bytes.count > 1, UTF8Text.firstInvalid(bytes) == nil {
      found.append((range, bytes))
      // What no language writes: Ã, Â or â before a sign or a control character. Others may be É”.
      if bytes[0] == 0xC2 || bytes[0] == 0xC3 || bytes.count > 2 { isCertain = true }
    } else if !isCut, bytes.contains(where: { $0 >= 0xC0 }) {
      wrong += 1
    }
  }

  func undone() -> [UInt8]? {
    if found.isEmpty || wrong * 4 > found.count || !(isCertain || found.count > 3) { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var copied = 0
    for (range, bytes) in found {
      out.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<range.lowerBound]))
      out += bytes
      copied = range.upperBound
    }
    out.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
    return out
  }
}

/// Windows-1252 with Latin-1's control characters where it has none of its own.
enum Western {
  /// Bytes 0x80...0x9F of Windows-1252; 0 where it is undefined.
  private static let specials: [UInt32] = [
    0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178,
  ]

  static func byte(_ scalar: UInt32) -> UInt8? {
    if scalar < 0x100 { return UInt8(scalar) }
    return specials.firstIndex(of: scalar).map { UInt8(0x80 + $0) }
  }

  /// nil when one character is not in it.
  static func encode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let (scalar, length) = UTF8Text.scalar(text, at: index)
      guard let byte = byte(scalar) else { return nil }
      bytes.append(byte)
      index += length
    }
    return bytes
  }
}

/// UTF-8 that was taken for GBK: `鈥檚`, `锛岀殑`.
enum GBKMojibake {
  /// 锛 銆 鈥 鐨 鏄 鍦: the UTF-8 of ， 。 ’ 的 是 在.
  static func isTrace(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index + 2 < text.count else { return false }
    switch (text[index], UInt16(text[index + 1]) << 8 | UInt16(text[index + 2])) {
    case (0xE9, 0x949B), (0xE9, 0x8A86), (0xE9, 0x88A5), (0xE9, 0x90A8), (0xE9, 0x8F84), (0xE9, 0x8DA6): return true
    default: return false
    }
  }

  static func undone(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let encoder = try? Converter(to: .gb18030) else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var isChanged = false
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.count
      let line = UnsafeBufferPointer(rebasing: text[start..<end])
      if let undone = whole(line, encoder) ?? runs(line, encoder) {
        out += undone
        isChanged = true
      } else {
        out.append(contentsOf: line)
      }
      start = end
    }
    return isChanged ? out : nil
  }

  private static func hasTrace(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.indices.contains { text[$0] == 0xE9 && isTrace(text, at: $0) }
  }

  /// The whole line, when it has a trace and all of it is UTF-8 once more.
  private static func whole(_ line: UnsafeBufferPointer<UInt8>, _ encoder: Converter) -> [UInt8]? {
    guard hasTrace(line), let bytes = encoder.encode(line), bytes.contains(where: { $0 >= 0x80 }),
      UTF8Text.firstInvalid(bytes) == nil
    else { return nil }
    return bytes
  }

  /// Each run of characters above ASCII by itself: one quotation mark in a line that is right.
  private static func runs(_ line: UnsafeBufferPointer<UInt8>, _ encoder: Converter) -> [UInt8]? {
    guard hasTrace(line) else { return nil }
    var out: [UInt8] = []
    var isChanged = false
    var index = 0
    while index < line.count {
      let start = index
      let isHigh = line[index] >= 0x80
      while index < line.count, (line[index] >= 0x80) == isHigh { index += 1 }
      let run = UnsafeBufferPointer(rebasing: line[start..<index])
      if isHigh, let undone = whole(run, encoder) {
        out += undone
        isChanged = true
      } else {
        out.append(contentsOf: run)
      }
    }
    return isChanged ? out : nil
  }
}
