import Posix
import Spool

/// Writes the rows of young documents into `state/documents/`, so that they need no memory and the next start does not
/// read their batches. Files are merged as the runs of the index are: the older is kept at least three times as large
/// as all that are younger.
struct DocumentSealer {
  let state: AgentState

  /// Enough young documents to be worth a file and a snapshot of the journal: an eighth of all, but so many at least.
  var isDue: Bool {
    state.table.youngCount >= max(state.settings.spool.tableDocuments, state.table.sealedCount / 8)
  }

  /// With a snapshot that is written anyway, and at the end of an orderly run, a quarter of the least is enough.
  var isWorthIt: Bool { state.table.youngCount * 4 >= state.settings.spool.tableDocuments }

  /// Publishes the file; the journal's next snapshot makes it count.
  /// - Returns: files that it stands for too: of no use once the snapshot is there.
  func seal() throws(SystemError) -> [SealedName] {
    let table = state.table
    if table.youngCount == 0 { return [] }
    var from = table.sealed.count
    var documents = table.youngCount
    while from > 0, table.sealed[from - 1].count < 3 * documents {
      from -= 1
      documents += table.sealed[from].count
    }
    let old = Array(table.sealed[from...])
    let first = old.first?.first ?? table.sealedCount
    let name = SealedName(first: old.first?.name.first ?? table.sealedBatches, last: table.batches - 1)
    let folder = state.layout.documents
    try SealedDocuments.publish(name, first: first, sizes: try sizes(name, old), in: folder) { table.row($0) }
    state.table.seal(try reopen(name), insteadOf: from)
    return old.map(\.name)
  }

  private func reopen(_ name: SealedName) throws(SystemError) -> SealedDocuments {
    let folder = state.layout.documents
    do {
      return try SealedDocuments(name, in: folder, isChecked: false)
    } catch let error as SystemError {
      throw error
    } catch {
      throw SystemError("read", folder.path / name.path, code: SystemError.inputOutput)
    }
  }

  private func sizes(_ name: SealedName, _ old: [SealedDocuments]) throws(SystemError) -> [SealedDocuments.BatchSize] {
    var sizes = old.flatMap { file in (file.name.first...file.name.last).map { file.size(of: $0) } }
    for batch in (name.first + sizes.count)..<(name.last + 1) {
      sizes.append(
        SealedDocuments.BatchSize(
          documents: state.table.count(ofBatch: batch),
          textBytes: try state.layout.corpus.status(CorpusName(batch).text).size))
    }
    return sizes
  }
}
