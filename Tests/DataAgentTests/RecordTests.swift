import Bytes
import Composition
import Deduplication
import Documents
import Posix
import Spool
import Testing

@testable import DataAgent

private let wildPath = Path(Array("web/sub/".utf8) + [0xFF, 0x25, 0x0A, 0x20, 0xE4, 0xB8, 0xAD])

@Suite struct ClaimTests {
  @Test(arguments: ["a.txt", "web/a.txt", "web/中 文/a b.jsonl", "50%/x.md"])
  func theJournalGivesItBack(_ path: String) throws {
    try comesBack(Path(path), options: Array("{channel: 'zh'}".utf8))
  }

  @Test func anyBytesOfANameComeBack() throws { try comesBack(wildPath, options: []) }

  private func comesBack(_ path: Path, options: [UInt8]) throws {
    let status = ClaimedStatus(
      size: 1 << 40, modified: 1_795_267_799_123_456_789, device: .max, inode: 1 << 63, copied: true)
    let claim = Claim(sequence: 7, path: path, status: status, options: options)
    let record = try JSONParser.parse(JSONWriter.compact(claim.journalRecord))
    let back = try #require(Claim(record))
    #expect(back.sequence == 7)
    #expect(back.path == path)
    #expect(back.status == status)
    #expect(back.options == options)
    #expect(back.progress == ClaimProgress())
    for key in ["seq", "path", "size", "mtime", "dev", "ino", "copied", "options"] {
      #expect(Claim(.object(record.members!.filter { $0.name != key })) == nil, "without \(key)")
    }
  }

  @Test(arguments: [
    ("a.txt", "default", "a.txt"), ("web/a.txt", "web", "a.txt"), ("web/x/y/a.txt", "web", "x/y/a.txt"),
    ("w%b/a", "w%25b", "a"),
  ])
  func sourceIsTheFirstFolder(_ path: String, _ source: String, _ rest: String) {
    let status = ClaimedStatus(size: 0, modified: 0, device: 0, inode: 0, copied: false)
    let claim = Claim(sequence: 12, path: Path(path), status: status, options: [])
    #expect(claim.source == source)
    #expect(claim.nameInSource == Path(rest))
    #expect(claim.claimedName == "000000000012")
    #expect(claim.badLinesName == "000000000012.bad.jsonl")
  }

  @Test(
    arguments: [
      nil, .used, .rejected(code: "bomb", message: "too \"much\"", offset: 9, remedy: "mend it"),
    ] as [ClaimProgress.End?])
  func progressComesBack(_ end: ClaimProgress.End?) throws {
    var progress = ClaimProgress()
    progress.offset = 1 << 40
    progress.record = 2
    progress.line = 3
    progress.documents = 4
    progress.badLines = 5
    progress.badBytes = 6
    progress.end = end
    let json = try JSONParser.parse(JSONWriter.compact(progress.json(99)))
    #expect(json["claim"]?.integer == 99)
    #expect(ClaimProgress(json) == progress)
    #expect(ClaimProgress(.object(json.members!.filter { $0.name != "offset" })) == nil)
  }
}

@Suite struct DocumentRecordTests {
  private static let states: [DocumentState] = [
    .kept, .duplicate(of: 7), .superseded(by: .max), .filtered, .rejected, .contaminated(item: 3),
  ]

  @Test(arguments: states)
  func everyFieldComesBack(_ state: DocumentState) {
    var document = Document(id: Identifier(high: 1, low: .max), text: [1, 2, 3], source: "s", origin: "o")
    document.channel = .math
    document.genre = .dialogue
    document.score = 0.25
    document.flags = [.mojibake, .repaired]
    for signal in Signal.allCases { document.signals[signal] = Float(signal.rawValue) / 3 }
    let textID = Identifier(high: 0xAABB, low: 2)
    let sketch = (0..<DocumentSketch.encodedSize).map { UInt8(truncatingIfNeeded: $0) }
    let record = DocumentRecord(
      offset: 1 << 35, length: 77, document: document, textID: textID, claim: 12, state: state, outcome: .filtered,
      ruleValue: -1.5, rule: 3)
    var bytes: [UInt8] = []
    record.append(signals: document.signals, sketch: sketch, to: &bytes)
    #expect(bytes.count == DocumentRecord.layout.bytes)
    bytes.withUnsafeBytes { raw in
      let back = DocumentRecord(raw)
      #expect(back.offset == 1 << 35 && back.length == 77 && back.textBytes == 3 && back.claim == 12)
      #expect(back.id == document.id && back.textID == textID)
      #expect(
        back.channel == .math && back.genre == .dialogue && back.score == 0.25 && back.flags == [.mojibake, .repaired])
      #expect(back.state == state && back.outcome == .filtered && back.ruleValue == -1.5 && back.rule == 3)
      #expect(DocumentRecord.signals(raw) == document.signals)
      #expect(Array(DocumentRecord.sketch(raw)) == sketch)
    }
  }

  /// The layout is a format: what older spools hold must be read.
  @Test func codesStay() {
    #expect(Self.states.map(\.code) == [0, 1, 2, 3, 4, 5])
    #expect(Self.states.map(\.name) == ["kept", "duplicate", "superseded", "filtered", "rejected", "contaminated"])
    for state in Self.states { #expect(DocumentState(code: state.code, other: state.other) == state) }
    #expect(DocumentRecord.fixedBytes == 72)
  }

  @Test func anyBytesAreARecord() {
    [UInt8](repeating: 0xFF, count: DocumentRecord.layout.bytes).withUnsafeBytes { raw in
      let record = DocumentRecord(raw)
      #expect(record.state == .rejected && record.outcome == .rejected && record.genre == .unknown)
    }
  }
}

@Suite struct DocumentLineTests {
  private static func document(_ text: String, _ change: (inout Document) -> Void = { _ in }) -> Document {
    var document = Document(id: Identifier(of: [1]), text: Array(text.utf8), source: "书/web", origin: "a b.txt#12")
    change(&document)
    return document
  }

  private static func encode(_ document: Document) throws -> JSONValue {
    let line = DocumentLine.encode(document, textID: Identifier(of: [2]), channels: ChannelTable())
    #expect(line.last == 0x0A && line.filter { $0 == 0x0A }.count == 1, "one line")
    return try JSONParser.parse(line)
  }

  @Test func everyField() throws {
    let value = try Self.encode(
      Self.document("text") { document in
        document.channel = .code
        document.genre = .book
        document.score = 0.123456
        document.encoding = "gb18030"
        document.verdict = .filtered(RuleHit(rule: "short", value: 0.5, threshold: 2))
        document.redactions = [RedactedSpan(type: "email", offset: 3, length: 7)]
        document.userID = Array(#""user-1""#.utf8)
        document.metadata = Array(#"{"url":"http://x","n":[1]}"#.utf8)
      })
    #expect(value["id"]?.string == Identifier(of: [1]).description)
    #expect(value["text_id"]?.string == Identifier(of: [2]).description)
    #expect(value["source"]?.string == "书/web" && value["origin"]?.string == "a b.txt#12")
    #expect(
      value["channel"]?.string == "code" && value["genre"]?.string == "book" && value["encoding"]?.string == "gb18030")
    #expect(abs(value["score"]!.number! - 0.1235) < 1e-9)
    #expect(value["filtered"] == .object(["rule": .string("short"), "value": .number(0.5), "threshold": .number(2)]))
    #expect(value["redactions"] == .array([.array([.string("email"), .integer(3), .integer(7)])]))
    #expect(value["user_id"]?.string == "user-1" && value["metadata"]?["n"] == .array([.integer(1)]))
    #expect(value["text"]?.string == "text")
  }

  @Test func whatThereIsNotIsNotWritten() throws {
    let value = try Self.encode(Self.document("x"))
    #expect(value.members!.map(\.name) == ["id", "text_id", "source", "origin", "channel", "genre", "score", "text"])
    #expect(try Self.encode(Self.document("x") { $0.verdict = .rejected(reason: "no") })["rejected"]?.string == "no")
  }

  @Test(arguments: [
    "", "a", "中文 😀 \u{0}\u{1F}\"\\\n\r\t", String(repeating: "long ", count: 60_000), "\\u0041 {\"text\":\"inner\"}",
  ])
  func theTextComesBack(_ text: String) {
    let document = Self.document(text) { $0.metadata = Array(#"{"text":"not this"}"#.utf8) }
    let line = DocumentLine.encode(document, textID: Identifier(of: [2]), channels: ChannelTable())
    #expect(DocumentLine.text(line) == Array(text.utf8))
    #expect(DocumentLine.text(Array(line.dropLast(3))) == nil)
  }

  @Test(arguments: ["", "{}", "x", #"{"text":1}"#]) func whatHasNoTextIsNil(_ line: String) {
    #expect(DocumentLine.text(Array(line.utf8)) == nil)
  }
}

@Suite struct DocumentTableTests {
  @Test func everyDocumentHasItsPlace() {
    var table = DocumentTable()
    let record = [UInt8](repeating: 0, count: DocumentRecord.layout.bytes).withUnsafeBytes {
      DocumentRecord($0)
    }
    let sizes = [3, 1, 5, 2]
    for size in sizes {
      table.beginBatch(at: table.count)
      for _ in 0..<size { table.append(record) }
    }
    let expected = sizes.enumerated().flatMap { batch, size in (0..<size).map { "\(batch)/\($0)" } }
    let places = (0..<table.count).map { table.place(of: $0) }
    #expect(places.map { "\($0.batch)/\($0.index)" } == expected)
    #expect(table.batches == 4)
  }

  @Test func countsAddUp() {
    var counts = SourceCounts()
    let states: [DocumentState] = [
      .kept, .kept, .duplicate(of: 1), .superseded(by: 2), .filtered, .rejected, .contaminated(item: 0),
    ]
    for state in states { counts.add(state, 1) }
    counts.add(.kept, -1)
    counts.add(.superseded(by: 9), 1)
    let names = ["in", "kept", "duplicate", "superseded", "filtered", "contaminated", "rejected"]
    #expect(names.map { counts.json[$0]?.integer } == [7, 1, 1, 2, 1, 1, 1])
    #expect(counts.total == 7)
  }
}

@Suite struct DrawFileTests {
  private let spool: TestSpool
  private let record = DrawRecord(
    intent: BlockIntent(number: 12, revision: 2, cut: 500, short: true, request: 9),
    pieces: (0..<40).map { DrawRecord.Piece(ordinal: $0 % 13, start: $0 * 100, count: .max - $0) },
    credit: MixCredit(weights: [4, 4, 2], carry: [-3, 1, 2]))

  init() throws { spool = try TestSpool(tokenizer: false) }

  @Test func comesBack() throws {
    try DrawFile.write(record, in: spool.layout)
    #expect(try DrawFile.folder(spool.layout).names() == ["part-00012.r2.draw"])
    let back = try DrawFile.read(record.intent, in: spool.layout)
    #expect(back.intent == record.intent)
    #expect(back.pieces == record.pieces)
    #expect(back.credit == record.credit)
    #expect(back.ordinals == Array(0..<13))
    #expect(try JSONParser.parse(JSONWriter.compact(record.intent.journalRecord)) == record.intent.journalRecord)
    #expect(BlockIntent(record.intent.journalRecord) == record.intent)
  }

  @Test func everyDamageIsRefused() throws {
    try DrawFile.write(record, in: spool.layout)
    let folder = try DrawFile.folder(spool.layout)
    let name = DrawFile.name(record.intent)
    let good = try folder.read(name)
    for index in good.indices {
      var bytes = good
      bytes[index] ^= 0x10
      try folder.replaceFile(name, with: bytes, durable: false)
      #expect(throws: DrawFile.DrawDamage.self, "byte \(index)") { try DrawFile.read(record.intent, in: spool.layout) }
      try folder.replaceFile(name, with: Array(good[..<index]), durable: false)
      let error = #expect(throws: DrawFile.DrawDamage.self, "cut at \(index)") {
        try DrawFile.read(record.intent, in: spool.layout)
      }
      #expect(error?.description.contains("part-00012.r2.draw: damaged") == true)
    }
  }
}
