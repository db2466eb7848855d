import Documents

/// What a reader gives: a document, or a line that could not become one.
public enum ReadItem: Equatable, Sendable {
  case document(RawDocument)
  case badLine(BadLine)
}

/// A document as it stood in its file: decoded, converted to plain text or Markdown, normalized; not yet judged.
public struct RawDocument: Equatable, Sendable {
  /// UTF-8.
  public var text: [UInt8]
  /// Byte offset of its record in the decompressed stream (of UTF-16 and UTF-32: in the stream made UTF-8).
  public var offset: Int
  /// Ordinal of its record in the file, from 0; bad lines count.
  public var record: Int
  /// The record's `id` as written in JSON; empty when there was none.
  public var userID: [UInt8] = []
  /// The other members as one JSON object, as written; empty when there were none.
  public var metadata: [UInt8] = []
  /// Given by the record, the folder or the kind of file; nil: to be classified.
  public var channel: String?
  public var genre: String?
  /// Programming language by the file's extension.
  public var language: String?
  /// As detected and converted from.
  public var encoding: String
  public var flags: DocumentFlags = []

  init(text: [UInt8], at position: ReadPosition, encoding: String) {
    self.text = text
    offset = position.offset
    record = position.record
    self.encoding = encoding
  }
}

/// A line of an otherwise good file that is set aside.
public struct BadLine: Equatable, Sendable {
  public let offset: Int
  /// 1-based; of a JSON array, the element.
  public let number: Int
  /// As it came, at most `read.bad_line_bytes` of it.
  public let bytes: [UInt8]
  public let length: Int
  public let reason: String
}

/// Where to read on: the byte offset after the last record and the ordinal of the next one.
public struct ReadPosition: Equatable, Sendable {
  public var offset: Int
  public var record: Int
  /// Lines (or array elements) passed.
  public var line: Int

  public init(offset: Int, record: Int, line: Int) {
    self.offset = offset
    self.record = record
    self.line = line
  }

  public static let start = ReadPosition(offset: 0, record: 0, line: 0)
}
