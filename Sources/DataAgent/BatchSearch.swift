import Bytes
import Documents
import Parallel
import Posix
import Spool

/// Looks at the texts of one batch on all threads, in order of the documents.
struct BatchSearch {
  let state: AgentState
  let pool: WorkerPool

  /// What `body` makes of each of these documents' texts.
  func map<Result: Sendable>(
    _ number: Int, _ indices: [Int], _ body: @escaping @Sendable ([UInt8]) -> Result
  ) throws -> [Result] {
    let batch = try state.corpus.batch(number)
    let parts = min(indices.count, pool.threads)
    if parts == 0 { return [] }
    let results = pool.map(parts) { part -> Swift.Result<[Result], any Error> in
      Swift.Result {
        // Neighbours share a frame: each part reads its own.
        var cache = FrameCache()
        return try indices[(indices.count * part / parts)..<(indices.count * (part + 1) / parts)].map { index in
          ServiceNotify.beat()
          return body(try Self.text(index, of: batch, &cache))
        }
      }
    }
    return try results.flatMap { try $0.get() }
  }

  private static func text(_ index: Int, of batch: CorpusBatch, _ cache: inout FrameCache) throws -> [UInt8] {
    let record = DocumentRecord(batch.record(index))
    let line = try batch.text(at: record.offset, length: record.length, &cache)
    guard let text = DocumentLine.text(line) else {
      throw CorpusBatch.Damage(path: Path("corpus") / batch.name.text, reason: "record \(index) is not a document")
    }
    return text
  }

  /// Documents that the stages let pass: what may be in a block now or later.
  func passed(_ number: Int) throws -> [Int] {
    let batch = try state.corpus.batch(number)
    return (0..<batch.count).filter { DocumentRecord.outcome(batch.record($0)) == .kept }
  }
}
