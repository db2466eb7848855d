/// 128 bits that name something: a document, a text.
public struct Identifier: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var high: UInt64
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The first 16 bytes of a digest.
  public init(digest: [UInt8]) {
    high = LittleEndian.bigEndian64(digest, at: 0)
    low = LittleEndian.bigEndian64(digest, at: 8)
  }

  /// The first 128 bits of the SHA-256 of the bytes.
  public init(of bytes: [UInt8]) { self.init(digest: Digest.sha256(bytes)) }

  /// 32 hexadecimal digits.
  public init?(_ text: String) {
    guard let bytes = Hex.decode(text), bytes.count == 16 else { return nil }
    self.init(digest: bytes)
  }

  public static func < (a: Identifier, b: Identifier) -> Bool { (a.high, a.low) < (b.high, b.low) }

  public var bytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
      + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
  }

  public var description: String { Hex.encode(bytes) }
}
