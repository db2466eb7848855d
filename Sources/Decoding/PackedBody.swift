/// A page of a web archive as its server packed it (`Content-Encoding`): whoever may start programs unpacks it.
public struct PackedBody: Sendable {
  /// As the header says it, in small letters: `gzip`, `br`.
  public let packing: String
  public let bytes: [UInt8]
  /// The unpacked page has at most so many bytes.
  public let limit: Int

  public init(packing: String, bytes: [UInt8], limit: Int) {
    self.packing = packing
    self.bytes = bytes
    self.limit = limit
  }

  /// Why it cannot be unpacked.
  public struct Refusal: Error {
    public let reason: String

    public init(_ reason: String) { self.reason = reason }
  }

  public typealias Unpacker = (PackedBody) throws(Refusal) -> [UInt8]
}
