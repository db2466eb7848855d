import Bytes
import Posix
import Spool

/// The files of `state/documents/` at a start: which of them stand for which batches.
struct SealedFolder {
  /// Why a file is of no use.
  enum Reason: Equatable {
    case damaged(String)
    /// Another one holds all of it.
    case covered
    /// No snapshot of the journal lists its batches, which are counted one by one then, from their records; or those
    /// before them have no table.
    case unlisted

    var text: String {
      switch self {
      case .damaged(let reason): "\(reason); the records of its batches are read instead"
      case .covered: "another one holds all of it"
      case .unlisted: "no snapshot of the journal names its batches, or those before them have no table"
      }
    }
  }

  private let corpus: Directory?
  private let files: [SealedDocuments]
  private(set) var refused: [(name: Path, reason: Reason)] = []
  private var used: [SealedDocuments] = []

  /// Reads every file to its end.
  init(_ folder: Directory, corpus: Directory?) throws(SystemError) {
    self.corpus = corpus
    var files: [SealedDocuments] = []
    for path in try folder.names() {
      guard let name = SealedName(path) else { continue }
      do {
        ServiceNotify.beat()
        files.append(try SealedDocuments(name, in: folder, isChecked: true))
      } catch let error as SystemError where error.isScarce {
        throw error
      } catch {
        refused.append((path, .damaged("\(error)")))
      }
    }
    self.files = files.sorted { $1.name.last < $0.name.last }
  }

  /// The file that begins with this batch and stands for as many batches of those listed as there is one for.
  /// - Parameters:
  ///   - first: the first document of the batch.
  ///   - counts: documents of this batch and those after it.
  mutating func take(_ batch: Int, first: Int, counts: ArraySlice<Int>) -> SealedDocuments? {
    for file in files where file.name.first == batch && file.batches <= counts.count {
      if file.first == first, isSame(file, counts) {
        used.append(file)
        return file
      }
      refused.append((file.name.path, .damaged("made of other batches than those that are there")))
    }
    return nil
  }

  /// Whether the batches are those that it was made of, by their sizes and the last document of all.
  private func isSame(_ file: SealedDocuments, _ counts: ArraySlice<Int>) -> Bool {
    guard let corpus else { return false }
    for (batch, count) in zip(file.name.first...file.name.last, counts) {
      let size = file.size(of: batch)
      let name = CorpusName(batch)
      guard size.documents == count, corpus.exists(name.manifest),
        (try? corpus.status(name.text).size) == size.textBytes,
        (try? corpus.status(name.records).size) == CorpusBatchWriter.recordsSize(count, DocumentRecord.layout)
      else { return false }
    }
    guard let last = (file.name.first...file.name.last).last(where: { file.size(of: $0).documents > 0 }) else {
      return true
    }
    guard let batch = try? CorpusBatch(CorpusName(last), in: corpus), batch.count == file.size(of: last).documents
    else {
      return false
    }
    return DocumentRecord(batch.record(batch.count - 1)).id == file.row(file.first + file.count - 1).id
  }

  /// Everything that was not taken, when all listed batches are known.
  var useless: [(name: Path, reason: Reason)] {
    let rest = files.filter { file in
      !used.contains { $0 === file } && !refused.contains { $0.name == file.name.path }
    }
    return refused
      + rest.map { file in
        let isCovered = used.contains { $0.name.first <= file.name.first && file.name.last <= $0.name.last }
        return (file.name.path, isCovered ? .covered : .unlisted)
      }
  }
}
