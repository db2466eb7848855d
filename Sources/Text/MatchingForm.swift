import Bytes

/// The form in which texts are compared: lower case, full-width ASCII as ASCII, white space runs as one space.
/// Everything else stays, so offsets of words keep their order but not their values.
public enum MatchingForm {
  public static func of(_ text: [UInt8]) -> [UInt8] { text.withUnsafeBufferPointer { of($0) } }

  /// - Parameter text: well-formed UTF-8.
  public static func of(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.count)
    var pendingSpace = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      let scalar: UInt32
      if byte < 0x80 {
        index += 1
        scalar = UInt32(byte)
      } else {
        let next = UTF8Text.scalar(text, at: index)
        index += next.length
        scalar = next.value
      }
      if Script.isSpace(scalar) {
        pendingSpace = !folded.isEmpty
        continue
      }
      if pendingSpace {
        folded.append(0x20)
        pendingSpace = false
      }
      UTF8Text.append(fold(scalar), to: &folded)
    }
    return folded
  }

  /// Simple case and width folding (CaseFolding.txt status C and S of Latin, Greek, Cyrillic, Armenian; others unchanged).
  @inlinable
  public static func fold(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return scalar >= 0x41 && scalar <= 0x5A ? scalar | 0x20 : scalar }
    if scalar >= 0xFF01 && scalar <= 0xFF5E { return fold(scalar - 0xFEE0) }
    return scalar < 0x2000 ? foldAlphabet(scalar) : scalar
  }

  @usableFromInline
  static func foldAlphabet(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0xC0...0xD6, 0xD8...0xDE: scalar + 32
    case 0x130, 0x131, 0x138, 0x149, 0x17F: scalar == 0x17F ? 0x73 : scalar
    case 0x178: 0xFF
    case 0x139...0x148, 0x179...0x17E: scalar & 1 == 1 ? scalar + 1 : scalar
    case 0x100...0x177: scalar | 1
    case 0x386: 0x3AC
    case 0x388...0x38A: scalar + 37
    case 0x38C: 0x3CC
    case 0x38E, 0x38F: scalar + 63
    case 0x391...0x3A1, 0x3A3...0x3AB: scalar + 32
    case 0x3C2: 0x3C3
    case 0x3CF: 0x3D7
    case 0x400...0x40F: scalar + 80
    case 0x410...0x42F: scalar + 32
    case 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
    case 0x531...0x556: scalar + 48
    case 0x1E00...0x1E95, 0x1EA0...0x1EFF: scalar | 1
    default: scalar
    }
  }
}
