import Bytes
import Deduplication
import Documents
import Spool

/// The fixed-size record of a document in its batch: all that is needed to judge it again without its text.
///
/// offset u64, length u32, text bytes u32, id 16, text id 16, score f32, claim u32, channel u8, genre u8, outcome u8,
/// first state u8, other document u32, rule value f32, flags u16, rule u16, then the signals (f32 each), then the
/// sketch.
struct DocumentRecord {
  /// What the per-document stages said.
  enum Outcome: UInt8 { case kept, filtered, rejected }

  var offset: Int
  var length: Int
  var textBytes: Int
  var id: Identifier
  var textID: Identifier
  var score: Float
  var claim: Int
  var channel: Channel
  var genre: Genre
  var outcome: Outcome
  /// State when the batch was committed; later changes are in the journal.
  var state: DocumentState
  var ruleValue: Float
  var flags: DocumentFlags
  /// Index into the batch manifest's `rules`; 0xFFFF = none.
  var rule: Int
  /// Seconds since 1970; 0 = unknown. Kept with the sketch.
  var date = 0

  static let fixedBytes = 72
  static var signalBytes: Int { 4 * Signal.allCases.count }
  /// Records of other signals or other sketches are another layout: their sketches cannot be compared with ours.
  static let layout = RecordLayout(
    bytes: fixedBytes + signalBytes + DocumentSketch.encodedSize,
    version: UInt32(DocumentSketch.indexFormat * 1000 + Signal.allCases.count))
  static let noRule = 0xFFFF

  func append(signals: Signals, sketch: [UInt8], to bytes: inout [UInt8]) {
    LittleEndian.append(UInt64(offset), to: &bytes)
    LittleEndian.append(UInt32(length), to: &bytes)
    LittleEndian.append(UInt32(textBytes), to: &bytes)
    bytes += id.bytes
    bytes += textID.bytes
    LittleEndian.append(score, to: &bytes)
    LittleEndian.append(UInt32(claim), to: &bytes)
    bytes += [channel.index, genre.rawValue, outcome.rawValue, state.code]
    LittleEndian.append(state.other, to: &bytes)
    LittleEndian.append(ruleValue, to: &bytes)
    LittleEndian.append(flags.rawValue, to: &bytes)
    LittleEndian.append(UInt16(rule), to: &bytes)
    for value in signals.values { LittleEndian.append(value, to: &bytes) }
    bytes += sketch
  }

  init(
    offset: Int, length: Int, document: Document, textID: Identifier, claim: Int, state: DocumentState,
    outcome: Outcome,
    ruleValue: Float, rule: Int
  ) {
    self.offset = offset
    self.length = length
    textBytes = document.text.count
    id = document.id
    self.textID = textID
    score = document.score
    self.claim = claim
    channel = document.channel
    genre = document.genre
    self.outcome = outcome
    self.state = state
    self.ruleValue = ruleValue
    flags = document.flags
    self.rule = rule
  }

  init(_ bytes: UnsafeRawBufferPointer) {
    // A damaged record is told by the text that is not there, not by a trap here.
    offset = Int(clamping: LittleEndian.read(UInt64.self, bytes, at: 0))
    length = Int(LittleEndian.read(UInt32.self, bytes, at: 8))
    textBytes = Int(LittleEndian.read(UInt32.self, bytes, at: 12))
    id = Identifier(digest: Array(bytes[16..<32]))
    textID = Identifier(digest: Array(bytes[32..<48]))
    score = Float(bitPattern: LittleEndian.read(UInt32.self, bytes, at: 48))
    claim = Int(LittleEndian.read(UInt32.self, bytes, at: 52))
    channel = Channel(bytes[56])
    genre = Genre(rawValue: bytes[57]) ?? .unknown
    outcome = Outcome(rawValue: bytes[58]) ?? .rejected
    state = DocumentState(code: bytes[59], other: LittleEndian.read(UInt32.self, bytes, at: 60))
    ruleValue = Float(bitPattern: LittleEndian.read(UInt32.self, bytes, at: 64))
    flags = DocumentFlags(rawValue: LittleEndian.read(UInt16.self, bytes, at: 68))
    rule = Int(LittleEndian.read(UInt16.self, bytes, at: 70))
    date = DocumentSketch.date(DocumentRecord.sketch(bytes))
  }

  /// The state with which the batch was committed.
  static func state(_ bytes: UnsafeRawBufferPointer) -> DocumentState {
    DocumentState(code: bytes[59], other: LittleEndian.read(UInt32.self, bytes, at: 60))
  }

  static func signal(_ signal: Signal, _ bytes: UnsafeRawBufferPointer) -> Float {
    Float(bitPattern: LittleEndian.read(UInt32.self, bytes, at: fixedBytes + 4 * signal.rawValue))
  }

  /// What the stages said of it.
  static func outcome(_ bytes: UnsafeRawBufferPointer) -> Outcome { Outcome(rawValue: bytes[58]) ?? .rejected }

  static func signals(_ bytes: UnsafeRawBufferPointer) -> Signals {
    var signals = Signals()
    for signal in Signal.allCases { signals[signal] = self.signal(signal, bytes) }
    return signals
  }

  static func sketch(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[(fixedBytes + signalBytes)...])
  }
}

/// Where a document stands: exactly one of these, always.
enum DocumentState: Equatable {
  case kept
  case duplicate(of: UInt32)
  case superseded(by: UInt32)
  case filtered
  case rejected
  /// The number of the suite's item that it holds (`SuiteHistory`).
  case contaminated(item: UInt32)

  var isContaminated: Bool { if case .contaminated = self { true } else { false } }

  var code: UInt8 {
    switch self {
    case .kept: 0
    case .duplicate: 1
    case .superseded: 2
    case .filtered: 3
    case .rejected: 4
    case .contaminated: 5
    }
  }

  /// The document it gave way to, or the item it holds.
  var other: UInt32 {
    switch self {
    case .duplicate(let number), .superseded(let number), .contaminated(let number): number
    default: 0
    }
  }

  init(code: UInt8, other: UInt32) {
    switch code {
    case 0: self = .kept
    case 1: self = .duplicate(of: other)
    case 2: self = .superseded(by: other)
    case 3: self = .filtered
    case 5: self = .contaminated(item: other)
    default: self = .rejected
    }
  }

  /// An entry of a record's list of changes: document, code, other document.
  static func change(_ entry: JSONValue) -> (ordinal: Int, state: DocumentState)? {
    guard let parts = entry.array?.compactMap(\.integer), parts.count == 3, let code = UInt8(exactly: parts[1]),
      let other = UInt32(exactly: parts[2])
    else { return nil }
    return (parts[0], DocumentState(code: code, other: other))
  }

  var name: String {
    switch self {
    case .kept: "kept"
    case .duplicate: "duplicate"
    case .superseded: "superseded"
    case .filtered: "filtered"
    case .rejected: "rejected"
    case .contaminated: "contaminated"
    }
  }
}
