import Bytes
import Decoding
import Testing

/// Web archives made here, record by record, as crawlers write them.
enum Archive {
  static func record(
    _ type: String, _ block: [UInt8], uri: String = "http://example.org/a", contentType: String = "text/plain",
    length: Int? = nil, more: String = ""
  ) -> [UInt8] {
    let head =
      "WARC/1.0\r\nWARC-Type: \(type)\r\nWARC-Target-URI: \(uri)\r\nWARC-Date: 2024-02-03T04:05:06Z\r\n"
      + "WARC-Record-ID: <urn:uuid:1234>\r\n\(more)Content-Type: \(contentType)\r\nContent-Length: \(length ?? block.count)\r\n\r\n"
    return Array(head.utf8) + block + Array("\r\n\r\n".utf8)
  }

  static func response(
    _ body: [UInt8], type: String = "text/html", status: String = "200 OK", more: String = "",
    uri: String = "http://example.org/a"
  ) -> [UInt8] {
    let head = "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(more)\r\n"
    return record(
      "response", Array(head.utf8) + body, uri: uri, contentType: "application/http; msgtype=response")
  }

  static let info = record("warcinfo", Array("software: test\r\n".utf8), contentType: "application/warc-fields")
  static func page(_ text: String) -> [UInt8] { Array("<html><body><nav>menu</nav><p>\(text)</p></body></html>".utf8) }
}

@Suite struct WARCTests {
  @Test("pages and texts are documents with address and date; all else is passed over")
  func kinds() throws {
    let archive =
      Archive.info + Archive.record("request", Array("GET / HTTP/1.1\r\n\r\n".utf8), contentType: "application/http")
      + Archive.response(Archive.page("the first page"), uri: "<http://example.org/1>")
      + Archive.response([0x89, 0x50], type: "image/png")
      + Archive.response(Archive.page("gone"), status: "404 Not Found")
      + Archive.record(
        "conversion", Array("a plain text\n第二行".utf8), more: "WARC-Identified-Content-Language: zho,eng\r\n")
      + Archive.record("resource", Archive.page("a resource"), contentType: "text/html; charset=utf-8")
      + Archive.record("metadata", Array("x: y".utf8)) + Archive.record("revisit", [])
    let outcome = readAll(archive, .webArchive)
    #expect(outcome.texts == ["the first page", "a plain text\n第二行", "a resource"])
    #expect(outcome.badLines.isEmpty && outcome.failure == nil)
    #expect(outcome.documents.allSatisfy { $0.genre == "web" && $0.userID == Array("\"urn:uuid:1234\"".utf8) })
    let first = try JSONParser.parse(outcome.documents[0].metadata)
    #expect(first["url"]?.string == "http://example.org/1" && first["date"]?.string == "2024-02-03T04:05:06Z")
    #expect(first["content_type"]?.string == "text/html")
    #expect(try JSONParser.parse(outcome.documents[1].metadata)["languages"]?.string == "zho,eng")
    #expect(outcome.positions.last?.line == 7 && outcome.positions.last?.record == 3)
  }

  private static let gbk: [UInt8] = [
    0xD5, 0xE2, 0xCA, 0xC7, 0xD6, 0xD0, 0xCE, 0xC4, 0xB5, 0xC4, 0xD2, 0xB3, 0xC3, 0xE6,
  ]

  @Test(
    "the encoding: what the server says, what the page says, what the bytes say",
    arguments: [
      ("text/html; charset=gbk", ""), ("text/html", "<meta charset=gb2312>"), ("text/html", ""),
      ("text/html; charset=ISO-8859-1", ""), ("text/html; charset=utf-8", ""), ("text/html; charset=\"GBK\"", ""),
    ])
  func charset(type: String, meta: String) {
    let body = Array("<html>\(meta)<p>".utf8) + WARCTests.gbk + WARCTests.gbk + Array("</p></html>".utf8)
    let outcome = readAll(Archive.response(body, type: type), .webArchive)
    #expect(outcome.texts == ["这是中文的页面这是中文的页面"])
    #expect(outcome.documents.first?.encoding == "gb18030")
  }

  @Test("a body in chunks is put together; a packed one is set aside")
  func transfer() {
    let chunks = Array("5\r\n<p>on\r\n9;x=y\r\ne page\u{21}</\r\n2\r\np>\r\n0\r\n\r\n".utf8)
    let chunked = Archive.response(chunks, more: "Transfer-Encoding: chunked\r\n")
    #expect(readAll(chunked, .webArchive).texts == ["one page!"])
    let packed = Archive.response([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4], more: "Content-Encoding: gzip\r\n")
    let outcome = readAll(packed + Archive.response(Archive.page("next")), .webArchive)
    #expect(outcome.badLines.map(\.reason).first?.contains("packed (gzip)") == true)
    #expect(outcome.texts == ["next"])
  }

  @Test("a packed page is given to whoever can unpack it; what they refuse is set aside with their reason")
  func unpacking() throws {
    let packed = [0x1F, 0x8B] + [UInt8](repeating: 3, count: 40)
    let archive = ["gzip", "BR", "identity"].flatMap {
      Archive.response(packed, more: "Content-Encoding: \($0)\r\n")
    }
    let reader = DocumentReader(
      source: MemorySource(archive + Archive.response(Archive.page("last"))), format: FileFormat(.webArchive),
      settings: ReadSettings(), options: SourceOptions())
    reader.unpackBody = { body throws(PackedBody.Refusal) in
      guard body.packing == "gzip" else { throw PackedBody.Refusal("no program for \(body.packing)") }
      #expect(body.bytes == packed && body.limit == 64 << 20)
      return Array("<html><p>unpacked</p></html>".utf8)
    }
    var (texts, reasons): ([String], [String]) = ([], [])
    while let item = try reader.next() {
      switch item {
      case .document(let document): texts.append(String(decoding: document.text, as: UTF8.self))
      case .badLine(let line): reasons.append(line.reason)
      }
    }
    #expect(texts == ["unpacked", "last"])
    #expect(reasons.count == 2 && reasons[0] == "no program for br")
  }

  /// Found on 3,000 real gzip streams: one had few control bytes in its beginning.
  @Test(
    "gzip and zstd are known by their first bytes, whatever follows; what was unpacked already is read as it is",
    arguments: [
      ("gzip", [0x1F, 0x8B], true), ("x-gzip", [0x1F, 0x8B], true), ("zstd", [0x28, 0xB5, 0x2F, 0xFD], true),
      ("gzip", [], false), ("zstd", [], false), ("br", [], false),
      ("br", (0..<40).flatMap { _ in Array("\u{1B}$B4A;z\u{1B}(B".utf8) }, false), ("identity", [0x1F, 0x8B], false),
    ] as [(String, [UInt8], Bool)])
  func packing(_ packing: String, _ magic: [UInt8], _ isPacked: Bool) throws {
    let body = magic + Array(Archive.page("a page"))
    let reader = DocumentReader(
      source: MemorySource(Archive.response(body, more: "Content-Encoding: \(packing)\r\n")),
      format: FileFormat(.webArchive), settings: ReadSettings(), options: SourceOptions())
    var asked = 0
    reader.unpackBody = { _ throws(PackedBody.Refusal) in
      asked += 1
      return Array(Archive.page("a page"))
    }
    _ = try reader.next()
    #expect(asked == (isPacked ? 1 : 0))
  }

  @Test("a damaged record is told with its offset, and reading goes on at the next")
  func damage() {
    let good = Archive.response(Archive.page("good"))
    let noise = Array("no record at all\r\nContent-Length: 5\r\n\r\nnoise".utf8)
    let noLength = Array("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: many\r\n\r\nblock\r\n\r\n".utf8)
    let outcome = readAll(good + noise + Array("\r\n".utf8) + good + noLength + good, .webArchive)
    #expect(outcome.texts == ["good", "good", "good"])
    #expect(outcome.badLines.map(\.offset) == [good.count, good.count * 2 + noise.count + 2])
    #expect(outcome.badLines.allSatisfy { $0.reason == "no WARC record begins here" })
    #expect(outcome.failure == nil)
  }

  @Test("of a cut archive the documents before the cut stay")
  func cut() {
    let good = Archive.response(Archive.page("good"))
    let outcome = readAll(good + Array(good.dropLast(30)), .webArchive)
    #expect(outcome.texts == ["good"])
    #expect(outcome.failure?.code == "damaged" && outcome.failure?.offset == good.count)
    #expect(readAll(Archive.info, .webArchive).failure?.message.contains("no page") == true)
    #expect(readAll([], .webArchive).failure?.code == "empty")
  }

  @Test("a record beyond the bound is passed over without being held")
  func bound() {
    var settings = ReadSettings()
    settings.maxDocumentMegabytes = 1
    let big = Archive.response([UInt8](repeating: 0x61, count: 3 << 20), type: "text/plain")
    let archive = Archive.info + big + Archive.response(Archive.page("after"))
    let outcome = readAll(MemorySource(archive), FileFormat(.webArchive), settings: settings)
    #expect(outcome.texts == ["after"])
    #expect(outcome.badLines.count == 1 && outcome.badLines[0].reason.contains("max_document_mb"))
  }

  @Test("reading on from any record gives the rest; the size of reads changes nothing")
  func resume() {
    var archive = Archive.info
    for number in 0..<12 { archive += Archive.response(Archive.page("page \(number)"), uri: "http://x/\(number)") }
    archive += Array("junk\r\n".utf8) + Archive.record("conversion", Array("last".utf8))
    let whole = readAll(archive, .webArchive)
    #expect(whole.items.count == 14)
    for (index, position) in whole.positions.enumerated() {
      #expect(readAll(archive, .webArchive, resumeAt: position).items == Array(whole.items[(index + 1)...]))
    }
    for step in [1, 7, 1000] {
      #expect(readAll(DrippingSource(archive, step: step), FileFormat(.webArchive)).items == whole.items)
    }
  }

  @Test("time is linear in hostile archives", .timeLimit(.minutes(1)))
  func linear() {
    for piece in [
      "WARC/1.0\r\n", "\nWARC/1.", "WARC/1.0\r\nContent-Length: 0\r\n\r\n", "a: b\r\n", "\r\n", "\nWARC/1",
      "\nWARC/1.0\r\nWARC/1.: x", "\nWARC/1.: x",
    ] {
      _ = readAll(String(repeating: piece, count: 300_000 / piece.utf8.count), .webArchive)
    }
  }
}
