/// Where bytes come from: a file, a pipe of a converter, another source. Handed in; nothing here opens anything.
public protocol ByteSource: AnyObject {
  /// Fills the front of `buffer` and returns how many bytes it wrote; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int
}

/// Why a file cannot be read on: what a person finds in NAME.reason.json.
public struct ReadFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// "empty", "binary", "decompress", "decode", "json", "limit", "bomb", "poison" or what a source's own reader calls
  /// it.
  public let code: String
  public let message: String
  /// Byte offset in the stream that failed, the decompressed one where there is one.
  public let offset: Int
  public let remedy: String

  public init(_ code: String, _ message: String, offset: Int, remedy: String) {
    self.code = code
    self.message = message
    self.offset = offset
    self.remedy = remedy
  }

  /// What killed the processes that read it.
  public static func poison(_ reason: String, offset: Int) -> ReadFailure {
    ReadFailure(
      "poison", reason, offset: offset,
      remedy: "please report it with the file; it can be dropped again when a newer version reads it")
  }

  public var description: String { "\(code) at byte \(offset): \(message); \(remedy)" }
}

/// Bytes that are in memory already.
public final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var index = 0

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    let count = min(buffer.count, bytes.count - index)
    if count == 0 { return 0 }
    bytes.withUnsafeBytes { source in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[index..<(index + count)]))
    }
    index += count
    return count
  }
}
