import Bytes
import CKernels

/// Emoji as words: `:grinning_face:`, `:flag_cn:`. A rule that a user may ask for; nothing does it by itself.
public enum EmojiText {
  /// - Parameter text: well-formed UTF-8.
  public static func worded(_ text: [UInt8]) -> [UInt8] {
    text.withUnsafeBufferPointer { bytes in
      var out: [UInt8] = []
      out.reserveCapacity(text.count)
      var copied = 0
      var index = 0
      while index < bytes.count {
        // Every emoji begins with E2 or F0, keycaps end with one of E2.
        if bytes[index] != 0xE2 && bytes[index] != 0xF0 {
          index += 1
          continue
        }
        guard let (word, end) = emoji(bytes, at: index) else {
          index += UTF8Text.scalar(bytes, at: index).length
          continue
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<index]))
        if word.isEmpty { trimSelector(&out) }
        out += word
        index = end
        copied = end
      }
      if copied == 0 { return text }
      out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
      return out
    }
  }

  /// The word for what begins at `index` and the offset behind it, modifiers included; nil when it is no emoji.
  private static func emoji(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (word: [UInt8], end: Int)? {
    let (scalar, length) = UTF8Text.scalar(bytes, at: index)
    let end = index + length
    // The frame around a keycap: the digit stays.
    if scalar == 0x20E3 { return ([], end) }
    if let flag = flag(bytes, scalar, end) { return flag }
    let isSelected = end + 2 < bytes.count && bytes[end...].starts(with: selector)
    guard let name = name(scalar, isSelected: isSelected) else { return nil }
    return ([0x3A] + name + [0x3A], passModifiers(bytes, end))
  }

  private static let selector: [UInt8] = [0xEF, 0xB8, 0x8F]

  /// A digit's variation selector, which stands before the keycap.
  private static func trimSelector(_ out: inout [UInt8]) {
    if out.count >= 3, out[(out.count - 3)...].elementsEqual(selector) { out.removeLast(3) }
  }

  /// Variation selectors, skin tones, tags and the joiner between the parts of one picture.
  private static func passModifiers(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] >= 0xE2 {
      let (scalar, length) = UTF8Text.scalar(bytes, at: end)
      let isModifier =
        scalar == 0xFE0F || scalar == 0x200D || (scalar >= 0x1F3FB && scalar <= 0x1F3FF)
        || (scalar >= 0xE0020 && scalar <= 0xE007F)
      if !isModifier { break }
      end += length
    }
    return end
  }

  /// Two regional indicators.
  private static func flag(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: UInt32, _ end: Int
  ) -> (word: [UInt8], end: Int)? {
    guard isIndicator(first), end < bytes.count, bytes[end] == 0xF0 else { return nil }
    let (second, length) = UTF8Text.scalar(bytes, at: end)
    guard isIndicator(second) else { return nil }
    let letters = [first, second].map { UInt8($0 - 0x1F1E6) + 0x61 }
    return (Array(":flag_".utf8) + letters + [0x3A], end + length)
  }

  private static func isIndicator(_ scalar: UInt32) -> Bool { scalar >= 0x1F1E6 && scalar <= 0x1F1FF }

  private static func name(_ scalar: UInt32, isSelected: Bool) -> [UInt8]? {
    guard let start = ck_emoji_name(scalar, isSelected ? 1 : 0) else { return nil }
    var name: [UInt8] = []
    while start[name.count] != 0x20 { name.append(UInt8(bitPattern: start[name.count])) }
    return name
  }
}
