import Bytes
import Deduplication
import Documents

/// Every document so far, by its number in claim order. What never changes of most of them lies in mapped files
/// (`SealedDocuments`); in memory are 11 bytes a document, and 56 more of each young one.
struct DocumentTable {
  private(set) var sealed: [SealedDocuments] = []
  private(set) var sealedCount = 0
  private(set) var sealedBatches = 0
  /// The rows that no file has.
  private var young: [DocumentRow] = []
  private var codes: [UInt8] = []
  private var others: [UInt32] = []
  /// Tokens with the end-of-document token; 0 = not tokenized.
  var tokens: [UInt32] = []
  /// Live published blocks that hold the document.
  var uses: [UInt16] = []
  /// First document of each batch.
  private(set) var batchStarts: [Int] = []

  var count: Int { codes.count }
  var youngCount: Int { young.count }
  var batches: Int { batchStarts.count }

  mutating func append(_ record: DocumentRecord) {
    young.append(DocumentRow(record))
    codes.append(record.state.code)
    others.append(record.state.other)
    tokens.append(0)
    uses.append(0)
  }

  // MARK: Files

  /// Takes up a file of the batches that come next, while there are no young documents.
  mutating func append(_ file: SealedDocuments) {
    precondition(file.first == count && file.name.first == batches && young.isEmpty, "a table of other batches")
    for batch in file.name.first...file.name.last {
      batchStarts.append(
        batch == file.name.first ? file.first : batchStarts[batch - 1] + file.size(of: batch - 1).documents)
    }
    for ordinal in file.first..<(file.first + file.count) {
      let row = file.row(ordinal)
      codes.append(row.firstCode)
      others.append(row.firstOther)
    }
    tokens += repeatElement(0, count: file.count)
    uses += repeatElement(0, count: file.count)
    sealed.append(file)
    (sealedCount, sealedBatches) = (count, batches)
  }

  /// A file now holds the rows of all young documents, and those of the files from `index` on.
  mutating func seal(_ file: SealedDocuments, insteadOf index: Int) {
    precondition(file.first + file.count == count && file.name.last == batches - 1, "a table of other batches")
    sealed.replaceSubrange(index..., with: [file])
    young = []
    (sealedCount, sealedBatches) = (count, batches)
  }

  @inline(__always)
  func row(_ ordinal: Int) -> DocumentRow {
    if ordinal >= sealedCount { return young[ordinal - sealedCount] }
    var low = 0
    var high = sealed.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if sealed[middle].first <= ordinal { low = middle } else { high = middle }
    }
    return sealed[low].row(ordinal)
  }

  // MARK: Facts

  func id(_ ordinal: Int) -> Identifier { row(ordinal).id }
  func textID(_ ordinal: Int) -> Identifier { row(ordinal).textID }
  func channel(_ ordinal: Int) -> Channel { Channel(row(ordinal).channel) }
  func genre(_ ordinal: Int) -> Genre { Genre(rawValue: row(ordinal).genre) ?? .unknown }
  func score(_ ordinal: Int) -> Float { row(ordinal).score }
  func textBytes(_ ordinal: Int) -> Int { Int(row(ordinal).textBytes) }
  func claim(_ ordinal: Int) -> Int { Int(row(ordinal).claim) }
  func state(_ ordinal: Int) -> DocumentState { DocumentState(code: codes[ordinal], other: others[ordinal]) }

  /// True when the state is no longer the one its batch was committed with.
  func isChanged(_ ordinal: Int) -> Bool {
    let row = row(ordinal)
    return codes[ordinal] != row.firstCode || others[ordinal] != row.firstOther
  }

  mutating func forgetUses() { uses = [UInt16](repeating: 0, count: count) }

  mutating func beginBatch(at ordinal: Int) { batchStarts.append(ordinal) }

  mutating func set(_ ordinal: Int, _ state: DocumentState) {
    codes[ordinal] = state.code
    others[ordinal] = state.other
  }

  func names(of ordinal: Int) -> DocumentNames {
    let row = row(ordinal)
    return DocumentNames(textID: row.textID, id: row.id)
  }

  /// A document as the deduplication ranks it.
  func candidate(_ ordinal: Int, frozen: Bool) -> Candidate {
    let row = row(ordinal)
    return Candidate(
      ordinal: UInt32(ordinal), channel: row.channel, genre: Genre(rawValue: row.genre) ?? .unknown, score: row.score,
      length: Int(row.textBytes), textID: row.textID, id: row.id, date: Int(row.date), frozen: frozen)
  }

  // MARK: Batches

  func count(ofBatch batch: Int) -> Int {
    (batch + 1 < batches ? batchStarts[batch + 1] : count) - batchStarts[batch]
  }

  /// The batch that holds a document, and its place in it.
  func place(of ordinal: Int) -> (batch: Int, index: Int) {
    var low = 0
    var high = batchStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if batchStarts[middle] <= ordinal { low = middle } else { high = middle }
    }
    return (low, ordinal - batchStarts[low])
  }
}
