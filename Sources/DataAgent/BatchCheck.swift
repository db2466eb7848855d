import Bytes
import Posix
import Spool

/// A committed batch: are its files there, of their sizes, and do they hold what the journal counts?
struct BatchCheck {
  private let name: CorpusName
  private let count: Int
  private let corpus: Directory

  init(_ name: CorpusName, count: Int, in corpus: Directory) {
    self.name = name
    self.count = count
    self.corpus = corpus
  }

  /// What is wrong with it; nil = nothing.
  func damage(isDeep: Bool) -> String? {
    do {
      let batch = try open()
      if isDeep { try checkDigests() }
      if isDeep { try checkDocuments(batch) }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The batch that the journal counts; what a start checks.
  func open() throws -> CorpusBatch {
    for file in [name.manifest, name.text, name.records] where try !corpus.isThere(file) {
      throw damaged(file, "missing, but the journal says it was committed")
    }
    let batch = try CorpusBatch(name, in: corpus)
    guard batch.count == count else { throw damaged(name.records, "\(batch.count) records, the journal says \(count)") }
    guard count == 0 || batch.layout == DocumentRecord.layout else {
      throw ForeignRecords(path: corpus.path / name.records, layout: batch.layout)
    }
    return batch
  }

  private func damaged(_ file: Path, _ reason: String) -> CorpusBatch.Damage {
    CorpusBatch.Damage(path: corpus.path / file, reason: reason)
  }

  private func checkDigests() throws {
    let files = try JSONParser.parse(try corpus.read(name.manifest))["files"]
    for (file, member) in [(name.text, "text_sha256"), (name.records, "records_sha256")] {
      let mapped = try MappedFile(try corpus.openFile(file))
      let digest = withExtendedLifetime(mapped) { Hex.encode(Digest.sha256(mapped.bytes)) }
      guard digest == files?[member]?.string else {
        throw damaged(file, "sha256 \(digest), its manifest says \(files?[member]?.string ?? "nothing")")
      }
    }
  }

  /// Every document comes out of its frame as the line that its record says it is.
  private func checkDocuments(_ batch: CorpusBatch) throws {
    var cache = FrameCache()
    for index in 0..<batch.count {
      let record = DocumentRecord(batch.record(index))
      let line = try batch.text(at: record.offset, length: record.length, &cache)
      guard let id = try? JSONParser.parse(line)["id"]?.string, Identifier(id) == record.id else {
        throw damaged(name.text, "record \(index) does not lead to the document \(record.id)")
      }
    }
  }
}

/// A corpus that another version of the program wrote.
struct ForeignRecords: Error, CustomStringConvertible {
  let path: Path
  let layout: RecordLayout

  var description: String {
    let ours = DocumentRecord.layout
    return "\(path): records of \(layout.bytes) bytes, layout \(layout.version), but this pretraind has \(ours.bytes) "
      + "bytes, layout \(ours.version): another version wrote them. Nothing was changed. Go on with that version, or make a new "
      + "spool and copy this one's corpus/*.jsonl.zst into a folder of its incoming/: they hold every document"
  }
}
