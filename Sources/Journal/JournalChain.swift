import CKernels

/// The thread that runs through a journal: every line carries the CRC-32C of the line before it and of itself, so
/// that a torn tail and a lost line both show.
///
/// A line is the record (JSON without line ends), a tab, eight hexadecimal digits, a line feed.
public struct JournalChain: Equatable, Sendable {
  public private(set) var crc: UInt32

  public init(crc: UInt32 = 0) { self.crc = crc }

  /// The line for `record`; the chain moves on.
  public mutating func seal(_ record: [UInt8]) -> [UInt8] {
    precondition(!record.contains(0x0A), "a journal record is one line")
    crc = record.withUnsafeBytes { JournalChain.next(crc, $0) }
    return record + [0x09] + JournalChain.digits(crc) + [0x0A]
  }

  static func next(_ crc: UInt32, _ record: UnsafeRawBufferPointer) -> UInt32 {
    let before = withUnsafeBytes(of: crc.littleEndian) { ck_crc32c(0, $0.baseAddress, 4) }
    return ck_crc32c(before, record.baseAddress, record.count)
  }

  /// The checksum as lines have it.
  public var text: String { String(decoding: JournalChain.digits(crc), as: UTF8.self) }

  /// A chain that goes on after a line with this checksum; nil when it is none.
  public init?(text: String) {
    guard text.utf8.count == 8, let crc = JournalChain.value(Array(text.utf8)) else { return nil }
    self.crc = crc
  }

  static func digits(_ crc: UInt32) -> [UInt8] {
    let alphabet = Array("0123456789abcdef".utf8)
    return (0..<8).map { alphabet[Int(crc >> (28 - 4 * UInt32($0)) & 15)] }
  }

  static func value(_ digits: some Sequence<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
      case 0x61...0x66: value = value << 4 | UInt32(digit - 0x61 + 10)
      default: return nil
      }
    }
    return value
  }
}
