import Bytes
import Decoding
import Documents
import Glibc
import Testing

@Suite struct RecordTests {
  @Test(
    "a line becomes a document or a bad line, never both, never neither",
    arguments: [
      (#"{"text":"one"}"#, "one", nil), (#"{"text":"a\nb\u4e2d\ud83d\ude00"}"#, "a\nb中😀", nil),
      (#" {"text" : "x"} "#, "x", nil),
      ("{\"text\":\"crlf\"}\r", "crlf", nil), ("{\"text\":\"a\u{2028}b\"}", "a\nb", nil),
      (#"{"text":"lone \ud800"}"#, "lone \u{FFFD}", nil),
      (#"{"text":"z\u0000z"}"#, "zz", nil),
      (
        #"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}"#,
        "user: hi\n\nassistant: ho", nil
      ),
      (#"{"prompt":"q","response":"r"}"#, "user: q\n\nassistant: r", nil),
      (#"{"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]}"#, "user: q\n\nassistant: a", nil),
      (#"{"text":"cut"#, nil, "ends"), (#"{"text":1}"#, nil, "not a text"), (#"{"body":"x"}"#, nil, "no 'text'"),
      ("null", nil, "object"),
      ("[1]", nil, "object"), (#"{"text":""}"#, nil, "empty"), (#"{"text":"\u200b"}"#, nil, "empty"),
      ("garbage", nil, "object"),
      (#"{"text":"x"} tail"#, nil, "follows"), ("{\"text\":\"a\u{0}b\"}", nil, "control"),
    ] as [(String, String?, String?)])
  func line(line: String, text: String?, reason: String?) {
    let outcome = readAll(line + "\n{\"text\":\"next\"}", .jsonLines)
    #expect(outcome.failure == nil)
    #expect(outcome.texts == (text.map { [$0] } ?? []) + ["next"])
    #expect(outcome.badLines.count == (reason == nil ? 0 : 1))
    if let reason { #expect(outcome.badLines.first?.reason.contains(reason) == true, "\(outcome.badLines)") }
    #expect(outcome.badLines.first.map { $0.bytes == Array(line.utf8) && $0.number == 1 && $0.offset == 0 } != false)
  }

  @Test("a deeply nested line is a bad line, not a crash")
  func deep() {
    let line = #"{"text":"x","a":"# + String(repeating: "[", count: 100_000) + "\n{\"text\":\"next\"}"
    let outcome = readAll(line, .jsonLines)
    #expect(outcome.texts == ["next"])
    #expect(outcome.badLines.count == 1)
  }

  @Test("the user's id and the other members are kept as written")
  func members() throws {
    let outcome = readAll(
      #"{"id":"a\u0062","text":"t","n":1e3,"o":{"k":[1, 2]},"channel":"math","genre":"paper"}"#, .jsonLines)
    let document = try #require(outcome.documents.first)
    #expect(String(decoding: document.userID, as: UTF8.self) == #""a\u0062""#)
    #expect(
      String(decoding: document.metadata, as: UTF8.self)
        == #"{"n":1e3,"o":{"k":[1, 2]},"channel":"math","genre":"paper"}"#)
    #expect(document.channel == "math")
    #expect(document.genre == "paper")
    #expect(readAll(#"{"prompt":"q","response":"r"}"#, .jsonLines).documents.first?.channel == "instruct")
  }

  @Test("a folder's options name the text field, the channel and the encoding")
  func options() throws {
    let json5 = "{text_field: 'body', channel: 'law', genre: 'law', encoding: 'gbk', max_uses: 2, quality_prior: 0.1}"
    let options = try SourceOptions.parse(Array(json5.utf8), file: ".source.json5")
    let line = Array(#"{"body":""#.utf8) + [0xD6, 0xD0, 0xCE, 0xC4] + Array(#""}"#.utf8)
    let document = try #require(readAll(MemorySource(line), FileFormat(.jsonLines), options: options).documents.first)
    #expect(String(decoding: document.text, as: UTF8.self) == "中文")
    #expect(document.channel == "law")
    #expect(document.encoding == "gb18030")
    #expect(throws: (any Error).self) { try SourceOptions.parse(Array("{chanel: 'x'}".utf8), file: ".source.json5") }
    #expect(throws: (any Error).self) {
      try SourceOptions.parse(Array("{encoding: 'klingon'}".utf8), file: ".source.json5")
    }
  }

  @Test(
    "a .json file is an array, an object or objects one after another",
    arguments: [
      (#"[{"text":"a"},{"text":"b"}]"#, ["a", "b"], 0), (#"{"text":"a ] } b"}"#, ["a ] } b"], 0),
      ("{\"text\":\"a\"}\n{\"text\":\"b\"}", ["a", "b"], 0),
      (#" [ {"text":"a\"]"} , 5 , {"text":"b"} ] "#, ["a\"]", "b"], 1),
      (#"[{"text":"a"},{"text":"b"#, ["a"], 1), ("hello", [], 1),
    ] as [(String, [String], Int)])
  func json(text: String, texts: [String], bad: Int) {
    let outcome = readAll(text, .json)
    #expect(outcome.texts == texts)
    #expect(outcome.badLines.count == bad)
    #expect(outcome.failure == nil)
  }

  @Test("lines in UTF-16 and GB18030 are converted, a stray one in another encoding too")
  func encodings() {
    let lines = "{\"text\":\"中文的是\"}\n{\"text\":\"第二行的文字\"}\n"
    let utf16: [UInt8] =
      [0xFF, 0xFE] + lines.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(readAll(utf16, .jsonLines).texts == ["中文的是", "第二行的文字"])
    #expect(readAll(utf16, .json).texts == ["中文的是", "第二行的文字"])
    let gbk = Array(#"{"text":""#.utf8) + [0xD6, 0xD0, 0xCE, 0xC4, 0xB5, 0xC4, 0xCA, 0xC7] + Array("\"}\n".utf8)
    #expect(readAll(gbk, .jsonLines).documents.map(\.encoding) == ["gb18030"])
    #expect(readAll(gbk, .json).texts == ["中文的是"])
    #expect(readAll(Array(lines.utf8) + gbk, .jsonLines).texts == ["中文的是", "第二行的文字", "中文的是"])
  }

  @Test("reading on at any position gives exactly the items after it", arguments: [FileFormat.Kind.jsonLines, .json])
  func resume(kind: FileFormat.Kind) {
    let body = "{\"text\":\"a\"}\n\nbad\n{\"text\":\"中文\"}\r\n{\"text\":5}\n  \n{\"text\":\"last\"}"
    let wide: [UInt8] =
      [0xFE, 0xFF] + body.utf16.flatMap { unit -> [UInt8] in [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
    for bytes in [Array(body.utf8), [0xEF, 0xBB, 0xBF] + Array(body.utf8), wide] {
      let whole = readAll(bytes, kind)
      #expect(whole.items.count >= 4)
      for (index, position) in whole.positions.enumerated() {
        for step in [1, 7, 100_000] {
          let rest = readAll(DrippingSource(bytes, step: step), FileFormat(kind), resumeAt: position)
          #expect(rest.items == Array(whole.items[(index + 1)...]), "\(kind) after item \(index), \(step) bytes a read")
          #expect(rest.failure == nil)
        }
      }
    }
  }
}

@Suite struct HostileInputTests {
  /// A valid record, one line of `length` bytes, a valid record: nothing of it is held in memory.
  final class LongLineSource: ByteSource {
    private let head = MemorySource(Array("{\"text\":\"first\"}\n".utf8))
    private let tail = MemorySource(Array("\n{\"text\":\"last\"}\n".utf8))
    private var left: Int
    private(set) var largestRead = 0

    init(length: Int) { left = length }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
      largestRead = max(largestRead, buffer.count)
      let count = try head.read(into: buffer)
      if count > 0 { return count }
      if left == 0 { return try tail.read(into: buffer) }
      let filled = min(left, buffer.count)
      memset(buffer.baseAddress!, 0x61, filled)
      left -= filled
      return filled
    }
  }

  @Test("a 100 MB line is set aside alone, its head kept, memory bounded")
  func longLine() {
    let source = LongLineSource(length: 100_000_000)
    let outcome = readAll(source, FileFormat(.jsonLines))
    #expect(outcome.texts == ["first", "last"])
    #expect(outcome.badLines.map(\.length) == [100_000_000])
    #expect(outcome.badLines.map(\.bytes.count) == [65_536])
    #expect(source.largestRead <= 33 << 20)
    #expect(readAll(LongLineSource(length: 100_000_000), FileFormat(.text)).failure?.code == "limit")
  }

  @Test("random bytes never crash a reader, and every read ends")
  func randomBytes() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var state = seed
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let pieces = [
      "{", "}", "[", "]", "\"", "\\", "text", ":", "\n", "<", ">", "</div>", "<pre>", "&#x", ";", "<!--", ".SH ",
      "\\f(", "\\[", "中", "\u{1B}[",
    ]
    for _ in 0..<400 {
      var bytes: [UInt8] = []
      while bytes.count < Int(random() % 400) {
        bytes += random() % 3 == 0 ? [UInt8(random() & 0xFF)] : Array(pieces[Int(random()) % pieces.count].utf8)
      }
      for kind in [FileFormat.Kind.text, .jsonLines, .json, .html, .troff, .code("c")] {
        for document in readAll(bytes, kind).documents { #expect(UTF8Text.firstInvalid(document.text) == nil) }
      }
      _ = readAll(MemorySource([0x28, 0xB5, 0x2F, 0xFD] + bytes), FileFormat(.jsonLines, compression: .zstd))
    }
  }
}
