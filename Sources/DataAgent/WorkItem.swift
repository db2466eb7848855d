import Bytes
import Deduplication
import Documents

/// What reading a claimed file brought, in order: the unit from which batches are made. Every item says how far its
/// file
/// was read once the item is committed.
struct WorkItem {
  enum Content {
    case document(PreparedDocument)
    /// A line for NAME.bad.jsonl.
    case badLine([UInt8])
    /// The file is finished: `progress.end` says how.
    case end
  }

  let claim: Int
  let progress: ClaimProgress
  var content: Content
}

/// A document after all stages that look at it alone.
struct PreparedDocument {
  var document: Document
  var textID = Identifier(high: 0, low: 0)
  var line: [UInt8] = []
  var sketch: DocumentSketch?
  /// The number of the suite's item that it holds.
  var contamination: UInt32?
  /// With the end-of-document token; empty while there is no tokenizer, and for documents that were removed.
  var tokens: [Int32] = []
}
