import Bytes
import Posix
import Spool

/// What a spool holds, read by the formats alone.
extension Scene {
  struct CorpusDocument: Equatable {
    let id: String
    let source: String
    let origin: String
    let channel: String
    let text: [UInt8]
  }

  /// Every document of the corpus, in its order.
  func corpus() throws -> [CorpusDocument] {
    var documents: [CorpusDocument] = []
    for name in names("corpus") where name.hasSuffix(".jsonl.zst") {
      for line in try Scene.unpacked(spool.read(Path("corpus/\(name)"))).split(separator: 0x0A) {
        let value = try JSONParser.parse(Array(line))
        documents.append(
          CorpusDocument(
            id: value["id"]?.string ?? "", source: value["source"]?.string ?? "", origin: value["origin"]?.string ?? "",
            channel: value["channel"]?.string ?? "", text: value["text"]?.bytes ?? []))
      }
    }
    return documents
  }

  struct Damaged: Error {}

  /// A file of seekable zstd frames.
  static func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
    try bytes.withUnsafeBytes { file in
      guard let frames = ZstdFrames.frames(file) else { throw Damaged() }
      var plain: [UInt8] = []
      for frame in frames {
        let part = UnsafeRawBufferPointer(rebasing: file[frame.offset..<(frame.offset + frame.compressed)])
        guard let text = ZstdFrames.decompress(part, plain: frame.plain) else { throw Damaged() }
        plain += text
      }
      return plain
    }
  }

  /// The journal's records, in order.
  func journal() throws -> [JSONValue] {
    try names("state/journal").filter { $0.hasSuffix(".jsonl") }.sorted()
      .flatMap { try Scene.log(spool.read(Path("state/journal/\($0)"))) }
  }

  /// Lines of `JSON <tab> checksum`; a last line in the making is left out.
  static func log(_ bytes: [UInt8]) throws -> [JSONValue] {
    try bytes.split(separator: 0x0A).compactMap { line in
      guard let tab = line.lastIndex(of: 0x09), line.count - 1 - (tab - line.startIndex) == 8 else { return nil }
      return try JSONParser.parse(Array(line[..<tab]))
    }
  }

  /// Ids of the documents that are kept at the end, from what the journal and the corpus say.
  func sources() -> [String: [String: Int]] {
    var result: [String: [String: Int]] = [:]
    for source in status("agent")?["sources"]?.members ?? [] {
      for count in source.value.members ?? [] { result[source.name, default: [:]][count.name] = count.value.integer }
    }
    return result
  }

  /// SHA-256 of every file below a folder, by its path; links by what they point at.
  func digests(_ top: Path, where wanted: (String) -> Bool = { _ in true }) throws -> [String: String] {
    var result: [String: String] = [:]
    try visit(top) { path, status in
      guard status.kind == .regular, wanted("\(path)") else { return }
      result["\(path)"] = Hex.encode(Digest.sha256(try spool.read(path)))
    }
    return result
  }

  /// Temporaries that a dead process may leave and a start must remove.
  func temporaries() throws -> [String] {
    var found: [String] = []
    for top in ["state", "corpus", "tokenizer", "blocks", "checkpoints", "runs", "eval", "rejected"] as [Path] {
      try visit(top) { path, _ in
        if path.name.hasPrefix("."), path.name.hasSuffix(".tmp") { found.append("\(path)") }
      }
    }
    return found + names("state/claimed").map { "state/claimed/\($0)" }
  }

  private func visit(_ path: Path, _ body: (Path, FileStatus) throws -> Void) throws {
    guard let status = try? spool.status(path) else { return }
    if status.kind == .directory {
      for name in try spool.open(path).names() { try visit(path / name, body) }
      if path.name.hasPrefix(".") { try body(path, status) }
    } else {
      try body(path, status)
    }
  }
}
