import Bytes
import Posix
import Spool

/// The published batches, and the texts of their documents by number. A spool that lives long has more batches than a
/// process may map files (vm.max_map_count is 65,530, a batch is two), so only those read last are open.
final class Corpus {
  let folder: Directory
  private var names: [CorpusName] = []
  private var opened: [Int: CorpusBatch] = [:]
  /// Numbers of open batches, the one opened last at the end.
  private var order: [Int] = []
  private let mostOpen: Int
  private var cache = FrameCache(limit: 32)

  init(_ folder: Directory, mostOpen: Int = 512) {
    self.folder = folder
    self.mostOpen = mostOpen
  }

  /// Adds the next batch; it is opened, so that one that is missing or damaged is found now.
  func open(_ name: CorpusName) throws {
    names.append(name)
    _ = try batch(names.count - 1)
  }

  /// Adds the next batch, of which it is known that it is there.
  func add(_ name: CorpusName) { names.append(name) }

  /// Adds the next batch, which was opened to be checked.
  func add(_ batch: CorpusBatch) {
    names.append(batch.name)
    keep(batch, names.count - 1)
  }

  func batch(_ number: Int) throws -> CorpusBatch {
    if let open = opened[number] { return open }
    let batch = try CorpusBatch(names[number], in: folder)
    keep(batch, number)
    return batch
  }

  private func keep(_ batch: CorpusBatch, _ number: Int) {
    if order.count >= mostOpen {
      // Half at once: the list is not moved at every opening.
      for old in order.prefix(mostOpen / 2) { opened[old] = nil }
      order.removeFirst(mostOpen / 2)
    }
    opened[number] = batch
    order.append(number)
  }

  /// The bytes of a record; to be used before anything else is asked for.
  func record(_ place: (batch: Int, index: Int)) throws -> UnsafeRawBufferPointer {
    try batch(place.batch).record(place.index)
  }

  func line(_ place: (batch: Int, index: Int)) throws -> [UInt8] {
    let record = DocumentRecord(try record(place))
    return try batch(place.batch).text(at: record.offset, length: record.length, &cache)
  }

  func text(_ place: (batch: Int, index: Int)) throws -> [UInt8] {
    guard let text = DocumentLine.text(try line(place)) else {
      throw CorpusBatch.Damage(
        path: folder.path / names[place.batch].text, reason: "record \(place.index) is not a document")
    }
    return text
  }
}
