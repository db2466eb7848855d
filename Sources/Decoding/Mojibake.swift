import CKernels

/// Traces of a wrong decoding in a text that is valid UTF-8 now.
public enum Mojibake {
  /// - Parameter text: well-formed UTF-8.
  public static func isIn(_ text: [UInt8]) -> Bool { text.withUnsafeBufferPointer { isIn($0) } }

  static func isIn(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return false }
    var traces = Traces()
    var index = ck_next_mojibake(base, 0, text.count)
    while index + 2 < text.count {
      index += traces.look(text, at: index)
      if traces.certain { return true }
      index = ck_next_mojibake(base, index, text.count)
    }
    return traces.areMany(in: text.count)
  }

  private struct Traces {
    /// 锟斤拷, 烫烫烫, 屯屯屯: what programs print for bytes that are no text.
    var certain = false
    /// 锛 銆 鈥 鐨 鏄 鍦: UTF-8 of ， 。 “ 的 是 在 read as GBK.
    var asGBK = 0
    /// Ã or Â before U+0080..00BF: UTF-8 read as Latin-1.
    var asLatin = 0
    /// Two Latin-1 letters or signs side by side: GBK read as Latin-1.
    var latinPairs = 0

    mutating func look(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
      if text[index] < 0xE0 { return lookLatin(text, at: index) }
      let pair = UInt16(text[index + 1]) << 8 | UInt16(text[index + 2])
      switch (text[index], pair) {
      case (0xE9, 0x949F): if follows(text, index + 3, [0xE6, 0x96, 0xA4, 0xE6, 0x8B, 0xB7]) { certain = true }
      case (0xE7, 0x83AB): if follows(text, index + 3, [0xE7, 0x83, 0xAB, 0xE7, 0x83, 0xAB]) { certain = true }
      case (0xE5, 0xB1AF): if follows(text, index + 3, [0xE5, 0xB1, 0xAF, 0xE5, 0xB1, 0xAF]) { certain = true }
      case (0xE9, 0x949B), (0xE9, 0x8A86), (0xE9, 0x88A5), (0xE9, 0x90A8), (0xE9, 0x8F84), (0xE9, 0x8DA6): asGBK += 1
      default: break
      }
      return 3
    }

    private mutating func lookLatin(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
      let next = text[index + 2]
      if text[index] == 0xC3, text[index + 1] <= 0x83, next == 0xC2 || next == 0xC5 || next == 0xE2 { asLatin += 1 }
      if text[index] == 0xC3, text[index + 1] == 0xA2, next == 0xE2 || next == 0xC2 { asLatin += 1 }
      if next == 0xC2 || next == 0xC3 { latinPairs += 1 }
      return 2
    }

    private func follows(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ wanted: [UInt8]) -> Bool {
      index + wanted.count <= text.count && text[index..<(index + wanted.count)].elementsEqual(wanted)
    }

    /// One wrong character in a thousand bytes, or one of a few in a short text, is no accident.
    func areMany(in bytes: Int) -> Bool {
      let least = max(2, bytes / 1000)
      return asGBK >= least || asLatin >= max(2, bytes / 8000) || latinPairs >= max(8, bytes / 20)
    }
  }
}
