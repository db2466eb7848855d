import Bytes
import Posix
import Spool
import Testing

@testable import DataAgent

/// The table of documents in mapped files.
@Suite struct TableTests {
  @Test("Y1: what a table holds is not read from the batches by a start, and is the same")
  func notRead() throws {
    let spool = try TestSpool()
    for part in 0..<6 {
      try spool.drop(Path("web/\(part).jsonl"), texts(20, seed: UInt64(50 + part)) + texts(5, seed: 50))
      try spool.run(TestSpool.smallTable)
    }
    let (states, counts, blocks) = (try spool.states(), try spool.counts("web"), try spool.blocks())
    #expect(counts["duplicate"]! + counts["superseded"]! == 30)
    let tables = try spool.tables
    #expect(tables.count >= 1 && tables.count < 6, "they are merged: \(tables)")
    // A record that no start looks at: its document's channel would be refused.
    let name = CorpusName(0).records
    var bytes = try spool.layout.corpus.read(name)
    bytes[32 + 16] ^= 0xFF
    try spool.layout.corpus.replaceFile(name, with: bytes)
    try spool.run(flush: false, TestSpool.smallTable)
    #expect(try spool.counts("web") == counts)
    bytes[32 + 16] ^= 0xFF
    try spool.layout.corpus.replaceFile(name, with: bytes)
    for table in tables { try spool.layout.documents.remove(table) }
    try spool.run(TestSpool.smallTable)
    #expect(try spool.counts("web") == counts && spool.states() == states && spool.blocks() == blocks)
  }

  @Test("Rows come back from the file as they were, across files and young ones")
  func rows() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(90, seed: 51))
    try spool.run(["spool.batch_documents=7"])
    var plain = DocumentTable()
    var table = DocumentTable()
    let folder = spool.layout.documents
    for record in try spool.events("batch") {
      let number = record["number"]!.integer!
      let batch = try CorpusBatch(CorpusName(number), in: spool.layout.corpus)
      table.beginBatch(at: table.count)
      plain.beginBatch(at: plain.count)
      for index in 0..<batch.count {
        table.append(DocumentRecord(batch.record(index)))
        plain.append(DocumentRecord(batch.record(index)))
      }
      guard number % 4 == 3 else { continue }
      let first = table.sealedBatches
      let name = SealedName(first: first, last: number)
      let sizes = (first...number).map {
        SealedDocuments.BatchSize(documents: table.count(ofBatch: $0), textBytes: $0 * 3)
      }
      let source = table
      try SealedDocuments.publish(name, first: table.sealedCount, sizes: sizes, in: folder) { source.row($0) }
      let file = try SealedDocuments(name, in: folder, isChecked: true)
      #expect(file.size(of: number) == sizes.last)
      table.seal(file, insteadOf: table.sealed.count)
    }
    #expect(table.sealed.count > 2 && table.youngCount > 0)
    for ordinal in 0..<plain.count {
      #expect(table.row(ordinal) == plain.row(ordinal) && table.place(of: ordinal) == plain.place(of: ordinal))
      #expect(table.state(ordinal) == plain.state(ordinal) && !table.isChanged(ordinal))
    }
  }

  @Test("Only names of the form are tables")
  func names() {
    #expect(SealedName("rows-00000003-00000017.table") == SealedName(first: 3, last: 17))
    for bad in ["rows-3-17.table", "rows-00000004-00000003.table", "rows-00000003.table", "x-00000003-00000017.table"] {
      #expect(SealedName(Path(bad)) == nil)
    }
  }
}
