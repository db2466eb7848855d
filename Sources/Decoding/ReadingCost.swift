import Bytes
import Glibc

/// How improbable the bytes are when they are read in an encoding, in nats: lower is likelier. Each model is a chain of
/// two states (ASCII, other) with the share of frequent, everyday and rare characters of running text; the encodings'
/// costs compare because each byte is paid for once. Only order matters, so the shares are rounded.
enum ReadingCost {
  static let ascii = 3.0
  /// A byte that the encoding does not allow: damage, one in e^18 bytes.
  static let illegal = 18.0

  /// Western text: accented letters and quotes stand alone among ASCII.
  enum Western {
    static let first = 3.5
    static let next = 4.0

    private static let costs: [Double] = {
      let frequent = Array(
        "\u{E9}\u{E8}\u{EA}\u{E0}\u{E2}\u{E7}\u{F4}\u{EE}\u{F9}\u{E4}\u{F6}\u{FC}\u{DF}\u{F1}".unicodeScalars)
      let common = Array(
        "\u{E1}\u{ED}\u{F3}\u{FA}\u{E3}\u{F5}\u{E5}\u{E6}\u{F8}\u{EB}\u{EF}\u{FB}\u{C9}\u{BF}\u{A1}\u{AB}\u{BB}\u{B0}\u{A0}\u{B7}\u{A9}"
          .unicodeScalars)
      var costs = [Double](repeating: 6.5, count: 256)
      for scalar in frequent + common { costs[Int(scalar.value)] = 3.7 }
      for byte in [0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x80] { costs[byte] = 3.7 }
      for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D] { costs[byte] = 10 }
      return costs
    }()

    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> Double {
      costs.withUnsafeBufferPointer { costs in
        var total = 0.0
        var afterASCII = true
        for byte in bytes {
          if byte < 0x80 {
            total += ascii
            afterASCII = true
          } else {
            total += costs[Int(byte)] + (afterASCII ? first : next)
            afterASCII = false
          }
        }
        return total
      }
    }
  }

  /// UTF-8 with damage: whole sequences prove it, broken ones cost what damage costs.
  enum UTF8 {
    /// By length of the sequence: the characters each holds, evenly.
    private static let costs = [0.0, 0.0, 6.0, 10.0, 13.0]

    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> Double {
      var total = 0.0
      var afterASCII = true
      var index = 0
      while index < bytes.count {
        let length = UTF8Text.scalarLength(bytes, at: index)
        if length == 1 {
          total += ascii
        } else {
          total += length == 0 ? illegal : costs[length] + (afterASCII ? DoubleByteSet.first : DoubleByteSet.next)
        }
        afterASCII = length == 1
        index += max(length, 1)
      }
      return total
    }
  }
}
