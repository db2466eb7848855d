import Bytes
import Posix
import Spool
import Testing

@testable import DataAgent

/// A corpus of more batches than may be open.
@Suite struct CorpusTests {
  @Test func batchesAreOpenedAgainWhenTheyAreAskedFor() throws {
    let spool = try TestSpool()
    for number in 0..<40 { try spool.drop("s/\(number).txt", Array("Document \(number) is here to be read.".utf8)) }
    try spool.run(["spool.batch_documents=1"])
    let corpus = Corpus(spool.layout.corpus, mostOpen: 4)
    let batches = spool.layout.corpus.path
    let names = try Directory(batches).names().filter { $0.hasSuffix(".meta") }
    #expect(names.count >= 10, "\(names.count) batches")
    for number in names.indices { try corpus.open(CorpusName(number)) }
    var seen: Set<[UInt8]> = []
    for number in Array(names.indices) + names.indices.reversed() {
      for index in 0..<(try corpus.batch(number).count) { seen.insert(try corpus.text((number, index))) }
    }
    #expect(seen == Set((0..<40).map { Array("Document \($0) is here to be read.".utf8) }))
    let maps = try Directory("/proc/self").read("maps")
    let open = String(decoding: maps, as: UTF8.self).split(separator: "\n").filter { $0.contains("\(batches)/") }
    #expect(open.count <= 2 * 4, "\(open.count) files of this corpus are mapped")
  }
}
