import Blocks
import Bytes
import DataAgent
import Posix
import Spool

/// A row of docs/SPOOL.md: the files and records that it names, made by hand in a spool that is otherwise at rest.
struct Row: CustomStringConvertible, Sendable {
  let id: String
  /// What makes this case of the row another one than its neighbour.
  let note: String
  let action: SpoolFinding.Action
  /// The start says or throws this; empty = nothing in particular.
  let told: String
  let arrange: @Sendable (TestSpool) throws -> Void
  let holds: @Sendable (TestSpool) throws -> Bool

  init(
    _ id: String, _ note: String, _ action: SpoolFinding.Action, told: String = "",
    _ arrange: @escaping @Sendable (TestSpool) throws -> Void,
    holds: @escaping @Sendable (TestSpool) throws -> Bool = { _ in true }
  ) {
    self.id = id
    self.note = note
    self.action = action
    self.told = told
    self.arrange = arrange
    self.holds = holds
  }

  init(
    _ id: String, _ action: SpoolFinding.Action, told: String = "",
    _ arrange: @escaping @Sendable (TestSpool) throws -> Void,
    holds: @escaping @Sendable (TestSpool) throws -> Bool = { _ in true }
  ) {
    self.init(id, "", action, told: told, arrange, holds: holds)
  }

  var description: String { note.isEmpty ? id : "\(id) (\(note))" }
}

extension TestSpool {
  /// A claim of a dropped file, as the journal has it, the number being the next one.
  func claim(_ path: Path, copied: Bool = false, more: [JSONValue] = []) throws {
    let status = try? layout.incoming.status(path)
    let record = JSONValue.object([
      "ev": .string("claim"), "seq": .integer(2), "path": .string("\(path)"), "size": .integer(status?.size ?? 1),
      "mtime": .integer(status?.modified ?? 1), "dev": .integer(Int(bitPattern: UInt(status?.device ?? 1))),
      "ino": .integer(Int(bitPattern: UInt(status?.inode ?? 1))), "copied": .bool(copied),
      "options": .string("{channel: 'en'}"),
    ])
    let journal = try JournalFile(layout.journal)
    try journal.write([record] + more)
  }

  /// Its bytes where a claimed file lies; the dropped one stays.
  func copyToClaimed(_ path: Path) throws {
    try layout.claimed.replaceFile("000000000002", with: try layout.incoming.open(path.parent).read(path.name))
  }

  /// A batch without documents that says that claim 2 was used to its end.
  func commitUsed() throws {
    let number = try events("batch").count
    let progress = JSONValue.object([
      "claim": .integer(2), "offset": .integer(0), "record": .integer(0), "line": .integer(0),
      "documents": .integer(0), "bad_lines": .integer(0), "bad_bytes": .integer(0), "end": .string("used"),
    ])
    let manifest = [
      JSONMember("number", .integer(number)), JSONMember("first", .integer(try documents)),
      JSONMember("count", .integer(0)), JSONMember("progress", .array([progress])), JSONMember("changes", .array([])),
      JSONMember("rules", .array([])),
    ]
    try CorpusBatchWriter.publish(
      CorpusName(number), frames: [], records: [], layout: RecordLayout(bytes: 100, version: 0),
      manifest: manifest, in: layout.corpus)
    try JournalFile(layout.journal).write(.object([JSONMember("ev", .string("batch"))] + manifest))
  }

  var lastBlock: Int { get throws { try events("block").count - 1 } }

  func blockFile(_ suffix: String) throws -> Path { Path("\(BlockName.part(try lastBlock)).\(suffix)") }
}

/// Claims: rows F.
let claimRows: [Row] = [
  Row("F1", .finished) { spool in
    try spool.drop("web/b.jsonl", texts(7, seed: 31))
    try spool.claim("web/b.jsonl")
  } holds: {
    try $0.documents == 47 && $0.events("claim").count == 2
  },
  Row("F2", "gone", .finished, told: "nothing of it was read") {
    try $0.claim("web/b.jsonl")
  } holds: {
    try $0.events("void").count == 1 && $0.documents == 40
  },
  Row("F2", "another one", .finished, told: "nothing of it was read") { spool in
    try spool.claim("web/b.jsonl")
    try spool.drop("web/b.jsonl", texts(7, seed: 32))
  } holds: {
    try $0.events("void").count == 1 && $0.documents == 47
  },
  Row("F3", .left) { spool in
    try spool.drop("web/b.jsonl", texts(7, seed: 33))
    try spool.claim("web/b.jsonl", copied: true, more: [.object(["ev": .string("left"), "seq": .integer(2)])])
    try spool.commitUsed()
  } holds: {
    try $0.documents == 40 && $0.layout.incoming.exists("web/b.jsonl")
  },
  Row("F4", .goesOn) { spool in
    try spool.drop("web/b.jsonl", texts(7, seed: 34))
    try spool.claim("web/b.jsonl")
    try spool.copyToClaimed("web/b.jsonl")
    try spool.layout.incoming.remove("web/b.jsonl")
  } holds: {
    try $0.documents == 47
  },
  Row("F5", .removed) { spool in
    try spool.drop("web/b.jsonl", texts(7, seed: 35))
    try spool.claim("web/b.jsonl", copied: true)
    try spool.copyToClaimed("web/b.jsonl")
  } holds: {
    try $0.documents == 47 && !$0.layout.incoming.exists("web/b.jsonl")
  },
  Row("F6", .finished) { spool in
    try spool.layout.claimed.replaceFile("000000000001", with: Array("what was read".utf8))
    try spool.layout.claimed.replaceFile("000000000001.bad.jsonl", with: Array("{}\n".utf8))
  } holds: {
    try $0.documents == 40 && $0.layout.rejected.exists("web/a.jsonl.bad.jsonl")
  },
  Row("F7", .finished) { spool in
    try spool.drop("web/c.bin", [1, 2, 3])
    try spool.run()
    let rejected = try spool.layout.rejected.open("web")
    try rejected.rename("c.bin", to: spool.layout.claimed, "000000000002")
    try rejected.remove("c.bin.reason.json")
  } holds: {
    try $0.layout.rejected.open("web").names() == ["c.bin", "c.bin.reason.json"]
  },
  Row("F8", .finished) { spool in
    let good = JSONWriter.compact(.object(["text": .string(texts(1, seed: 36)[0])]))
    try spool.drop("web/b.jsonl", Array("no json\n".utf8) + good + [0x0A])
    try spool.claim("web/b.jsonl")
    try spool.copyToClaimed("web/b.jsonl")
    try spool.layout.incoming.remove("web/b.jsonl")
    try spool.layout.claimed.replaceFile("000000000002.bad.jsonl", with: Array("never committed\n".utf8))
  } holds: { spool in
    let lines = try spool.layout.rejected.open("web").read("b.jsonl.bad.jsonl").split(separator: 0x0A)
    return try spool.documents == 41 && lines.count == 1 && JSONParser.parse(Array(lines[0]))["line"] != nil
  },
  Row("F9", .removed) { try $0.layout.claimed.replaceFile(".000000000002.tmp", with: [1]) },
  Row("F10", .removed) { spool in
    try spool.drop("web/b.jsonl", texts(7, seed: 37))
    try spool.run()
    try spool.layout.claimed.replaceFile("000000000001", with: Array("its removal was undone".utf8))
  } holds: {
    try $0.documents == 47
  },
  Row("F11", .left, told: "the journal does not know this number") { spool in
    try spool.layout.claimed.replaceFile("000000000099", with: Array("of a lost journal".utf8))
    try spool.drop("web/b.jsonl", texts(7, seed: 38))
  } holds: { spool in
    try spool.documents == 47 && spool.claimed == ["000000000099"]
      && spool.events("claim").last?["seq"]?.integer == 100
  },
]

/// Batches and the tokenizer: rows B and T.
let batchRows: [Row] = [
  Row("B1", .adopted, told: "was published, the journal now says so") { spool in
    try spool.forget(last: "batch")
    for number in try spool.events("block").count..<20 {
      for suffix in ["bin", "idx", "channels", "json"] {
        try? spool.layout.blocks.remove(Path("\(BlockName.part(number)).\(suffix)"))
      }
    }
  } holds: {
    try $0.documents == 40
  },
  Row("B2", "companions", .removed) { spool in
    let next = CorpusName(try spool.events("batch").count)
    for name in [next.text, next.records] { try spool.layout.corpus.replaceFile(name, with: [9]) }
  },
  Row("B2", "a temporary", .removed) { spool in
    try spool.layout.corpus.replaceFile(Directory.temporary(CorpusName(9).manifest), with: [9])
  },
  Row("B3", .remade) { spool in
    for name in try spool.layout.corpus.names() where name.hasPrefix("00000001.") && name.hasSuffix(".idx") {
      try spool.layout.corpus.remove(name)
    }
  },
  Row("B4", "no text", .refused, told: "00000001.jsonl.zst") { try $0.layout.corpus.remove("00000001.jsonl.zst") },
  Row("B4", "no records", .refused, told: "00000000.meta") { try $0.layout.corpus.remove("00000000.meta") },
  Row("B4", "no manifest", .refused, told: "00000001.json:") { try $0.layout.corpus.remove("00000001.json") },
  Row("B4", "cut", .refused, told: "00000001.meta") { spool in
    let bytes = try spool.layout.corpus.read("00000001.meta")
    try spool.layout.corpus.replaceFile("00000001.meta", with: bytes.dropLast(1))
  },
  Row("B4", "another layout", .refused, told: "another version wrote them") { spool in
    var bytes = try spool.layout.corpus.read("00000000.meta")
    bytes[16] ^= 1
    try spool.layout.corpus.replaceFile("00000000.meta", with: bytes)
  },
  Row("T3", .refused, told: "was changed") { spool in
    let bytes = try spool.layout.tokenizer.read("tokenizer.json")
    try spool.layout.tokenizer.replaceFile("tokenizer.json", with: bytes + [0x0A])
  },
  Row("T4", .refused, told: "put it back") { try $0.layout.tokenizer.remove("tokenizer.json") },
]

/// Blocks: rows K. The spool's last journal records are those of a block.
let blockRows: [Row] = [
  Row("K1", "nothing but the intent", .remade) { spool in
    for suffix in ["json", "channels", "idx", "bin"] { try spool.layout.blocks.remove(try spool.blockFile(suffix)) }
    try spool.forget(last: "block")
  } holds: {
    try $0.events("block-intent").filter { $0["revision"]?.integer != 1 }.isEmpty
  },
  Row("K1", "a temporary", .removed) { spool in
    for suffix in ["json", "channels", "idx", "bin"] { try spool.layout.blocks.remove(try spool.blockFile(suffix)) }
    try spool.layout.blocks.replaceFile(Directory.temporary(try spool.blockFile("json")), with: [1])
    try spool.forget(last: "block")
  },
  Row("K1", "companions", .remade) { spool in
    try spool.layout.blocks.remove(try spool.blockFile("json"))
    try spool.forget(last: "block")
  } holds: {
    try $0.events("block-intent").filter { $0["revision"]?.integer != 1 }.isEmpty
  },
  Row("K2", .adopted, told: "was published, the journal now says so") { try $0.forget(last: "block") },
  Row("K3", "a temporary", .removed) { try $0.layout.blocks.replaceFile(".part-00077.bin.tmp", with: [1, 2, 3]) },
  Row("K3", "of no manifest", .removed, told: "no manifest") { spool in
    try spool.layout.blocks.replaceFile("part-00077.bin", with: [1, 2, 3])
  },
  Row("K4", "missing", .refused, told: "part-00001.r1.draw") { spool in
    try spool.layout.state.open("draws").remove("part-00001.r1.draw")
  },
  Row("K4", "damaged", .refused, told: "part-00001.r1.draw") { spool in
    let draws = try spool.layout.state.open("draws")
    var bytes = try draws.read("part-00001.r1.draw")
    bytes[bytes.count / 2] ^= 1
    try draws.replaceFile("part-00001.r1.draw", with: bytes)
  },
  Row("K5", .refused, told: "part-00001.json: missing") { try $0.layout.blocks.remove("part-00001.json") },
  Row("K6", .refused, told: "the journal does not know it") { spool in
    try spool.forget(last: "block-intent")
  },
  Row("K7", .adopted, told: "was withdrawn") { spool in
    try BlockRemoval.hide(BlockName(number: try spool.lastBlock), in: spool.layout.blocks)
  } holds: { spool in
    let last = try spool.events("block-intent").map { $0["number"]?.integer ?? 0 }.max() ?? 0
    return try spool.block(last)["revision"]?.integer == 2
      && spool.layout.blocks.exists(Path("\(BlockName.part(last)).r2.bin")) && spool.events("withdrawn").count == 1
  },
  Row("K10", .finished, told: "was claimed by a trainer") { spool in
    let last = try spool.lastBlock
    try spool.claim(through: last)
    try BlockRemoval.hide(BlockName(number: last), in: spool.layout.blocks)
  } holds: { spool in
    try spool.block(try spool.lastBlock)["revision"]?.integer == 1 && spool.events("withdrawn").isEmpty
  },
]
