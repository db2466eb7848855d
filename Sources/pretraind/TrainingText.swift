import Bytes
import Console
import DataAgent
import Decoding
import Documents
import Parallel
import Posix
import Synchronization

/// The text that the tokenizer's commands work on: files that a person names, or the spool's kept documents.
struct TrainingText {
  private let context: Context
  private let pool: WorkerPool
  /// Read at once. Lines that are longer are read whole.
  private static let chunk = 8 << 20
  /// Kinds of files that have to be unpacked or made text; all others are read as they are.
  private static let packed = [
    "zst", "gz", "bz2", "xz", "zip", "tar", "parquet", "html", "htm", "pdf", "docx", "epub", "warc",
  ]

  init(_ context: Context, _ pool: WorkerPool) {
    self.context = context
    self.pool = pool
  }

  /// Calls `body` with each text and its channel (empty: unknown), in order, until it says no.
  func forEach(_ body: ([UInt8], String) throws -> Bool) throws {
    if context.words.arguments.isEmpty {
      let settings = try context.agentSettings()
      try CorpusText(try context.existingSpool(), channels: settings.channels).forEach(body)
      return
    }
    for name in context.words.arguments {
      let path = Path(name)
      let goesOn: Bool
      switch path.fileExtension {
      case "jsonl": goesOn = try lines(path, body)
      case let kind where TrainingText.packed.contains(kind): goesOn = try documents(name, body)
      default: goesOn = try plain(path, body)
      }
      if !goesOn { return }
    }
  }

  private func open(_ path: Path) throws -> File {
    let (folder, name) = try context.place(path)
    return try folder.openAnywhere(name)
  }

  /// JSON lines: their `text`, parsed on all workers.
  private func lines(_ path: Path, _ body: ([UInt8], String) throws -> Bool) throws -> Bool {
    var number = 1
    return try pieces(path, cut: { bytes, _ in bytes.lastIndex(of: 0x0A).map { $0 + 1 } }) { piece in
      let ends = TrainingText.lineEnds(piece)
      let rows = Rows(count: ends.count)
      pool.run(pool.threads * 4) { part in
        for index in ends.count * part / (pool.threads * 4)..<ends.count * (part + 1) / (pool.threads * 4) {
          let start = index == 0 ? 0 : ends[index - 1] + 1
          rows.set(index, TrainingText.row(piece[start..<ends[index]]))
        }
      }
      for row in rows.taken {
        defer { number += 1 }
        switch row {
        case .text(let text, let channel): if try !body(text, channel) { return false }
        case .bad(let reason): throw BadStreamLine(number: number, reason: "\(path): \(reason)")
        case .empty: continue
        }
      }
      return true
    }
  }

  private enum Row: Sendable { case text([UInt8], String), bad(String), empty }

  /// Each row is set by one worker.
  private final class Rows: @unchecked Sendable {
    private let rows: UnsafeMutablePointer<Row>
    private let count: Int

    init(count: Int) {
      self.count = count
      rows = .allocate(capacity: max(1, count))
      rows.initialize(repeating: .empty, count: count)
    }

    deinit {
      rows.deinitialize(count: count)
      rows.deallocate()
    }

    func set(_ index: Int, _ row: Row) { rows[index] = row }
    var taken: [Row] { Array(UnsafeBufferPointer(start: rows, count: count)) }
  }

  private static func row(_ line: ArraySlice<UInt8>) -> Row {
    line.withUnsafeBufferPointer { line in
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return .empty }
      do {
        let fields = try JSONFields(line)
        guard let value = fields.value(Array("text".utf8), in: line), let text = try JSONFields.text(value, in: line)
        else { return .bad("no string field 'text'") }
        let channel = try fields.value(Array("channel".utf8), in: line).flatMap { try JSONFields.text($0, in: line) }
        return .text(text, String(decoding: channel ?? [], as: UTF8.self))
      } catch {
        return .bad("\(error)")
      }
    }
  }

  private static func lineEnds(_ bytes: [UInt8]) -> [Int] {
    var ends = bytes.indices.filter { bytes[$0] == 0x0A }
    if bytes.last != 0x0A, !bytes.isEmpty { ends.append(bytes.count) }
    return ends
  }

  /// A file of text, cut before a line that begins with no white space: there every pattern cuts, so the words are
  /// those of the whole.
  private func plain(_ path: Path, _ body: ([UInt8], String) throws -> Bool) throws -> Bool {
    try pieces(path, cut: TrainingText.lineBegin) { try body($0, "") }
  }

  private static func lineBegin(_ bytes: [UInt8], _ isLast: Bool) -> Int? {
    if isLast { return bytes.count }
    return bytes.indices.dropFirst().last { bytes[$0 - 1] == 0x0A && bytes[$0] > 0x20 && bytes[$0] < 0x80 }
  }

  /// Reads in large pieces; `cut` says where a piece may end, nil where it must grow.
  private func pieces(
    _ path: Path, cut: ([UInt8], _ isLast: Bool) -> Int?, _ body: ([UInt8]) throws -> Bool
  ) throws -> Bool {
    let file = try open(path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: TrainingText.chunk, alignment: 64)
    defer { buffer.deallocate() }
    var rest: [UInt8] = []
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return rest.isEmpty ? true : try body(rest) }
      rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      guard rest.count >= TrainingText.chunk, let end = cut(rest, false), end > 0 else { continue }
      let piece = Array(rest[..<end])
      rest.removeSubrange(..<end)
      if try !body(piece) { return false }
    }
  }

  /// A packed or marked-up file: its documents as the agent would read them.
  private func documents(_ name: String, _ body: ([UInt8], String) throws -> Bool) throws -> Bool {
    let settings = try context.agentSettings()
    let reader = try RawFileReader(try open(Path(name)), settings.read, settings.converters)
    while let item = try reader.next() {
      switch item {
      case .document(let document): if try !body(document.text, document.channel ?? "") { return false }
      case .badLine(let bad): throw BadStreamLine(number: bad.number, reason: "\(name): \(bad.reason)")
      }
    }
    return true
  }
}
