import Bytes
import Posix
import Spool
import Testing

@testable import DataAgent

extension TestSpool {
  /// A table of documents after every few.
  static let smallTable = ["spool.table_documents=10"]

  var tables: [Path] { get throws { try layout.documents.names().sorted { "\($0)" < "\($1)" } } }

  /// The fixture's documents, and some more, in tables.
  func seal() throws {
    try drop("web/b.jsonl", DataAgentTests.texts(20, seed: 31))
    try run(TestSpool.smallTable)
  }

  /// Every document is still what it was, whatever a start read of it.
  fileprivate var knowsAll: Bool {
    get throws { try counts("web")["in"] == 60 && counts("web")["kept"] == 60 && documents == 60 }
  }
}

/// The table of documents and unfinished choices of thresholds: rows Y and W.
let tableRows: [Row] = [
  Row("Y2", "head", .removed, told: "its head is damaged") { spool in
    try spool.seal()
    try spool.spoil(at: 20)
  } holds: {
    try $0.knowsAll
  },
  Row("Y2", "row", .removed, told: "another checksum") { spool in
    try spool.seal()
    try spool.spoil(at: 300)
  } holds: {
    try $0.knowsAll
  },
  Row("Y2", "cut", .removed, told: "do not hold") { spool in
    try spool.seal()
    let name = try spool.tables[0]
    try spool.layout.documents.replaceFile(name, with: try spool.layout.documents.read(name).dropLast(56))
  } holds: {
    try $0.knowsAll
  },
  Row("Y2", "another corpus", .removed, told: "made of other batches") { spool in
    try spool.seal()
    let other = try TestSpool()
    try other.drop("web/a.jsonl", texts(40, seed: 77))
    try other.run()
    try other.drop("web/b.jsonl", texts(20, seed: 78))
    try other.run(TestSpool.smallTable)
    try #require(try other.tables == spool.tables)
    let name = try spool.tables[0]
    try spool.layout.documents.replaceFile(name, with: try other.layout.documents.read(name))
  } holds: {
    try $0.knowsAll
  },
  Row("Y3", .removed, told: "another one holds all of it") { spool in
    try spool.seal()
    let name = try spool.tables[0]
    let bytes = try spool.layout.documents.read(name)
    try spool.drop("web/c.jsonl", texts(100, seed: 32))
    try spool.run(TestSpool.smallTable)
    // What a larger one was made of and had no time to go.
    try #require(try !spool.tables.contains(name))
    try spool.layout.documents.replaceFile(name, with: bytes)
  } holds: {
    try $0.documents == 160
  },
  Row("Y4", .removed, told: "no snapshot of the journal names its batches") { spool in
    try spool.seal()
    // The snapshot that was to name it was not written.
    let snapshots = try spool.layout.journal.names().filter { $0.hasSuffix(".snapshot") }
    for name in snapshots { try spool.layout.journal.remove(name) }
  } holds: {
    try $0.knowsAll
  },
  Row("W1", .remade) { spool in
    let changes = [(ordinal: 3, state: DocumentState.duplicate(of: 2))]
    let records = ThresholdHistory.records([], cut: 40, milestone: 40, changes)
    try JournalFile(spool.layout.journal).write(records[0])
  } holds: {
    try $0.counts("web")["kept"] == 40
  },
  Row("W2", .removed) {
    try $0.layout.state.make(SurveyFolder.name).replaceFile("run-00000001-00000001.bands", with: [1])
  } holds: {
    !$0.layout.state.exists(SurveyFolder.name)
  },
]

extension TestSpool {
  fileprivate func spoil(at byte: Int) throws {
    let name = try tables[0]
    var bytes = try layout.documents.read(name)
    bytes[byte] ^= 1
    try layout.documents.replaceFile(name, with: bytes)
  }
}
