import Bytes
import Console
import DataAgent
import Decoding
import Documents
import Posix

/// Files of any kind as the lines of a filter: what `clean FILE...` works on.
final class RawFiles {
  /// Documents and bytes of them that are handed on at once.
  private static let batch = 256
  private static let batchBytes = 8 << 20

  private let settings: AgentSettings
  private let transform: ([[UInt8]], _ firstLine: Int) throws -> [UInt8]
  private let output = StandardStreams.output
  private var lines: [[UInt8]] = []
  private var bytes = 0
  private var done = 0
  /// Something in a file could not be used; what and why went to standard error.
  private(set) var hasFailed = false

  /// - Parameter transform: many lines at once to as many output lines, as in `JSONLinesFilter`.
  init(_ settings: AgentSettings, _ transform: @escaping ([[UInt8]], _ firstLine: Int) throws -> [UInt8]) {
    self.settings = settings
    self.transform = transform
  }

  func run(_ paths: [String]) throws {
    for path in paths { try read(path) }
    try flush()
  }

  private func read(_ path: String) throws {
    let file = try LabelReader.open(path)
    let opened: Result<RawFileReader, ReadFailure> = Result { () throws(ReadFailure) in
      try RawFileReader(file, settings.read, settings.converters)
    }
    guard case .success(let reader) = opened else {
      if case .failure(let failure) = opened { tell(path, "\(failure)") }
      return
    }
    while let item = next(reader, path) {
      switch item {
      case .badLine(let bad): tell(path, "record \(bad.number) at byte \(bad.offset): \(bad.reason)")
      case .document(let document):
        lines.append(RawFiles.line(document, path, reader.converter))
        bytes += document.text.count
        if lines.count >= RawFiles.batch || bytes >= RawFiles.batchBytes { try flush() }
      }
    }
  }

  private func next(_ reader: RawFileReader, _ path: String) -> ReadItem? {
    do throws(ReadFailure) {
      return try reader.next()
    } catch {
      tell(path, "\(error)")
      return nil
    }
  }

  private func tell(_ path: String, _ reason: String) {
    hasFailed = true
    StandardStreams.say("\(path): \(reason)")
  }

  private func flush() throws {
    if lines.isEmpty { return }
    try output.write(try transform(lines, done + 1))
    done += lines.count
    lines.removeAll(keepingCapacity: true)
    bytes = 0
  }

  private static func line(_ document: RawDocument, _ path: String, _ converter: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("id")
    if document.userID.isEmpty {
      writer.value(.string("\(path)#\(document.offset)"))
    } else {
      writer.raw(document.userID)
    }
    let members: [(String, String?)] = [
      ("file", path), ("encoding", document.encoding == "utf-8" ? nil : document.encoding),
      ("converter", converter.isEmpty ? nil : converter), ("channel", document.channel),
    ]
    for (key, value) in members {
      guard let value else { continue }
      writer.key(key)
      writer.value(.string(value))
    }
    writer.key("offset")
    writer.value(.integer(document.offset))
    if !document.flags.names.isEmpty {
      writer.key("flags")
      writer.value(.array(document.flags.names.map { .string($0) }))
    }
    if !document.metadata.isEmpty {
      writer.key("metadata")
      writer.raw(document.metadata)
    }
    writer.key("text")
    writer.text(document.text)
    writer.endObject()
    return writer.bytes
  }
}
