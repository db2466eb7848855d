import Bytes
import Console
import DataAgent
import Decoding
import Documents
import Posix

/// Files of any kind as the lines of a filter: what `clean FILE...` works on.
final class RawFiles {
  /// Documents that are handed on at once, unless they fill a chunk before.
  private static let batch = 256

  private var paths: ArraySlice<String>
  private let settings: AgentSettings
  private let pool: ChunkPool
  private var open: (path: String, reader: RawFileReader)?
  /// Something in a file could not be used; what and why went to standard error.
  private(set) var hasFailed = false

  init(_ paths: [String], _ settings: AgentSettings, _ pool: ChunkPool) {
    self.paths = paths[...]
    self.settings = settings
    self.pool = pool
  }

  /// The next documents, nil after the last file.
  func next() throws -> LineChunk? {
    let chunk = pool.take()
    var documents = 0
    while documents < RawFiles.batch, chunk.count < LineChunk.usualRoom {
      guard let (path, reader) = try open ?? openNext() else { break }
      switch next(reader, path) {
      case nil: open = nil
      case .badLine(let bad): tell(path, "record \(bad.number) at byte \(bad.offset): \(bad.reason)")
      case .document(let document):
        RawFiles.line(document, path, reader.converter).withUnsafeBytes { chunk.append($0) }
        documents += 1
      }
    }
    return documents == 0 ? nil : chunk
  }

  private func openNext() throws -> (path: String, reader: RawFileReader)? {
    while let path = paths.popFirst() {
      let file = try LabelReader.open(path)
      do throws(ReadFailure) {
        open = (path, try RawFileReader(file, settings.read, settings.converters))
        return open
      } catch {
        tell(path, "\(error)")
      }
    }
    return nil
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
    writer.newline()
    return writer.bytes
  }
}
