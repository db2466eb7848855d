import Bytes
import Posix
import Spool

/// The published batches, and the texts of their documents by number.
final class Corpus {
  let folder: Directory
  private(set) var batches: [CorpusBatch] = []
  private var cache = FrameCache(limit: 32)

  init(_ folder: Directory) { self.folder = folder }

  func open(_ name: CorpusName) throws { batches.append(try CorpusBatch(name, in: folder)) }

  func add(_ batch: CorpusBatch) { batches.append(batch) }

  func record(_ place: (batch: Int, index: Int)) -> UnsafeRawBufferPointer { batches[place.batch].record(place.index) }

  func line(_ place: (batch: Int, index: Int)) throws -> [UInt8] {
    let record = DocumentRecord(record(place))
    return try batches[place.batch].text(at: record.offset, length: record.length, &cache)
  }

  func text(_ place: (batch: Int, index: Int)) throws -> [UInt8] {
    guard let text = DocumentLine.text(try line(place)) else {
      throw CorpusBatch.Damage(
        path: folder.path / batches[place.batch].name.text, reason: "record \(place.index) is not a document")
    }
    return text
  }
}
