import Bytes
import Deduplication
import Documents

/// Every document so far, by its number in claim order; a column a fact, so that millions fit in memory.
struct DocumentTable {
  private(set) var ids: [Identifier] = []
  private(set) var textIDs: [Identifier] = []
  private(set) var states: [DocumentState] = []
  private(set) var channels: [Channel] = []
  private(set) var genres: [Genre] = []
  private(set) var scores: [Float] = []
  private(set) var textBytes: [UInt32] = []
  private(set) var claims: [UInt32] = []
  /// Seconds since 1970; 0 = unknown.
  private(set) var dates: [UInt32] = []
  /// Tokens with the end-of-document token; 0 = not tokenized.
  var tokens: [UInt32] = []
  /// Live published blocks that hold the document.
  var uses: [UInt16] = []
  /// First document of each batch.
  private(set) var batchStarts: [Int] = []

  var count: Int { ids.count }
  var batches: Int { batchStarts.count }

  mutating func append(_ record: DocumentRecord) {
    ids.append(record.id)
    textIDs.append(record.textID)
    states.append(record.state)
    channels.append(record.channel)
    genres.append(record.genre)
    scores.append(record.score)
    textBytes.append(UInt32(record.textBytes))
    claims.append(UInt32(record.claim))
    dates.append(UInt32(clamping: record.date))
    tokens.append(0)
    uses.append(0)
  }

  mutating func forgetUses() { uses = [UInt16](repeating: 0, count: count) }

  mutating func beginBatch(at ordinal: Int) { batchStarts.append(ordinal) }

  mutating func set(_ ordinal: Int, _ state: DocumentState) { states[ordinal] = state }

  func names(of ordinal: Int) -> DocumentNames { DocumentNames(textID: textIDs[ordinal], id: ids[ordinal]) }

  /// A document as the deduplication ranks it.
  func candidate(_ ordinal: Int, frozen: Bool) -> Candidate {
    Candidate(
      ordinal: UInt32(ordinal), channel: channels[ordinal].index, genre: genres[ordinal], score: scores[ordinal],
      length: Int(textBytes[ordinal]), textID: textIDs[ordinal], id: ids[ordinal],
      date: Int(dates[ordinal]), frozen: frozen)
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
