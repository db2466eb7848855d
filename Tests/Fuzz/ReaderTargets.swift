import Bytes
import Decoding
import Text

/// The same bytes, a few at a time: what is read must not depend on where reads end.
private final class DrippingSource: ByteSource {
  private let source: MemorySource
  private let step: Int

  init(_ bytes: [UInt8], step: Int) {
    source = MemorySource(bytes)
    self.step = step
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(step, buffer.count)]))
  }
}

private struct Reading: Equatable {
  var items: [ReadItem] = []
  var positions: [ReadPosition] = []
  var failure: String?

  init(
    _ source: any ByteSource, _ format: FileFormat, from start: ReadPosition = .start, careful: Bool = false,
    skips: Bool = false
  ) {
    let reader = DocumentReader(
      source: source, format: format, settings: Self.settings, options: SourceOptions(), resumeAt: start,
      careful: careful)
    do throws(ReadFailure) {
      while let item = try skips ? reader.skip("no") : reader.next() {
        items.append(item)
        positions.append(reader.position)
      }
    } catch {
      failure = error.code
    }
  }

  private static let settings = {
    var settings = ReadSettings()
    settings.maxLineMegabytes = 1
    settings.maxDocumentMegabytes = 1
    settings.unpackFreeMegabytes = 1
    return settings
  }()
}

extension FuzzTarget {
  /// Whatever the bytes: texts are UTF-8, and neither the size of reads nor a restart in between changes anything.
  private static func read(_ input: [UInt8], _ format: FileFormat) {
    let whole = Reading(MemorySource(input), format)
    for case .document(let document) in whole.items {
      promise(UTF8Text.firstInvalid(document.text) == nil, "a text is not UTF-8")
      promise(!document.text.isEmpty, "an empty document")
    }
    // One promise an input: which one, its size decides.
    switch input.count % 3 {
    case 0:
      let slow = Reading(DrippingSource(input, step: 7), format)
      promise(slow == whole, "the size of reads changes what is read")
    case 1:
      let skipped = Reading(MemorySource(input), format, skips: true)
      promise(
        whole.items.isEmpty || skipped.positions.isEmpty || skipped.positions == whole.positions,
        "records passed over are not the records read")
    default:
      if whole.items.count < 2 { return }
      let middle = whole.items.count / 2
      let careful = input.count % 2 == 0
      let rest = Reading(MemorySource(input), format, from: whole.positions[middle - 1], careful: careful)
      promise(rest.items == Array(whole.items[middle...]), "a restart changes what is read")
    }
  }

  private static let records = [
    #"{"text": "a text", "id": 7, "channel": "en", "other": [1, {"a": null}]}"#,
    #"{"text": "caf\u00e9 \ud83d\ude00\n"}"#,
    #"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}"#,
    #"{"prompt": "a", "response": "b"}"#, #"{"instruction": "a", "input": "", "output": "b"}"#, "not json",
    #"{"text": 5}"#,
  ]

  static let jsonLines = FuzzTarget(name: "json-lines") {
    [bytes(records.joined(separator: "\n")), [0xEF, 0xBB, 0xBF] + bytes(records[0] + "\r\n\r\n" + records[1])]
      + records.map { bytes($0 + "\n") } + [bytes("{\"text\": \"") + [0xC4, 0xE3, 0xBA, 0xC3] + bytes("\"}\n")]
      + [[0xFF, 0xFE] + records[0].utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }]
  } run: {
    read($0, FileFormat(.jsonLines))
  }

  static let jsonArray = FuzzTarget(name: "json-array") {
    [
      bytes("[" + records.joined(separator: ",\n") + "]"), bytes(records[0]), bytes(records.joined(separator: "\n")),
      bytes("[[[{\"text\": \"a]\"}]],{}]"),
    ]
  } run: {
    read($0, FileFormat(.json))
  }

  static let zstd = FuzzTarget(name: "zstd") {
    let plain = bytes(records.joined(separator: "\n") + "\n")
    let frame = Packed.frame(plain)
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
    return [
      frame, frame + frame, skippable + frame, frame.dropLast(5), Packed.frame([UInt8](repeating: 120, count: 3 << 20)),
    ]
    .map { Array($0) }
  } run: {
    read($0, FileFormat(.jsonLines, compression: .zstd))
  }

  static let html = FuzzTarget(name: "html") {
    [
      bytes(
        "<!doctype html><html><head><meta charset=gbk><title>T &amp; t</title><style>x</style></head><body><h1>H</h1>"
          + "<p>One <b>two</b> &#x4e2d; &nbsp;<a href='x'>three</a><ul><li>1<li>2</ul><pre>  code\n  x</pre><table><tr><th>a<td>b</table>"
          + "<blockquote><p>q</blockquote><img alt=\"i\"><script>if (a < b) {}</script><!-- c --><ol><li>x</ol></body></html>"
      ),
      bytes("<p>a<br/>b<hr><![CDATA[x]]><?php x ?><textarea>x</textarea><dl><dt>a<dd>b</dl><code>x</code>"),
      bytes("text only, &lt; &unknown; &#99999999; &"),
    ]
  } run: {
    read($0, FileFormat(.html))
  }

  static let warc = FuzzTarget(name: "warc") {
    func record(_ kind: String, _ body: String, _ more: String = "") -> String {
      "WARC/1.0\r\nWARC-Type: \(kind)\r\nWARC-Target-URI: http://example.org/a\r\nWARC-Date: 2020-01-02T03:04:05Z\r\n"
        + "WARC-Record-ID: <urn:uuid:1>\r\n\(more)Content-Length: \(body.utf8.count)\r\n\r\n\(body)\r\n\r\n"
    }
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>One page of text.</p>"
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x\r\n you\r\n0\r\n\r\n"
    let response = record("response", page, "Content-Type: application/http; msgtype=response\r\n")
    return [
      record("warcinfo", "software: x\r\n") + response + record("request", "GET / HTTP/1.1\r\n\r\n"),
      record("conversion", "Plain text of a page.\n", "Content-Type: text/plain\r\n"),
      response + "damaged\r\n" + response, record("response", chunked), String(response.dropLast(20)),
    ]
    .map { bytes($0) }
  } run: {
    read($0, FileFormat(.webArchive))
  }

  static let troff = FuzzTarget(name: "troff") {
    [
      bytes(
        ".TH LS 1 \"date\"\n.SH NAME\nls \\- list\n.B bold\n.IR a b\n.TP\n\\fB\\-a\\fR, \\(em \\*(lq x\n.de XX\nhello \\\\$1\n..\n.XX y\n"
          + ".nf\ncode\n.fi\n.TS\nl l.\na\tb\n.TE\n.ds x y\n\\*x\n"
          + ".if n .br\n.ie t a\n.el b\n.\\\" comment\n.Dd x\n.Nm ls\n.Bl -tag\n.It Fl a\n.El\n"
      )
    ]
  } run: {
    read($0, FileFormat(.troff))
  }

  static let text = FuzzTarget(name: "text") {
    [
      bytes("Plain text.\r\nSecond line\u{85}\u{2028}third e\u{301}.\n"), [0xFF, 0xFE, 0x41, 0, 0x42, 0, 0x0A, 0],
      [0xFE, 0xFF, 0, 0x41, 0xD8, 0x3D, 0xDE, 0x00], [0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0],
      [0xC4, 0xE3, 0xBA, 0xC3, 0xCA, 0xC0, 0xBD, 0xE7, 0xA3, 0xAC, 0x81, 0x30, 0x81, 0x30],
      [0xA7, 0x41, 0xA6, 0x6E, 0xA5, 0x40, 0xAC, 0xC9], bytes("na") + [0xEF] + bytes("ve caf") + [0xE9, 0x93, 0x94],
      [0x84, 0x31, 0x95, 0x33, 0xC4, 0xE3], bytes("锟斤拷 é mixed ") + [0xE9, 0x0A, 0x00, 0x41],
    ]
  } run: { input in
    read(input, FileFormat(.text))
    read(input, FileFormat(.markdown))
    _ = input.withUnsafeBufferPointer { EncodingDetector.detect($0) }
  }
}

extension FuzzTarget {
  private static func record(_ type: String, _ block: String, _ contentType: String) -> String {
    "WARC/1.0\r\nWARC-Type: \(type)\r\nWARC-Target-URI: http://x/\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
      + "Content-Type: \(contentType)\r\nContent-Length: \(block.utf8.count)\r\n\r\n\(block)\r\n\r\n"
  }

  static let webArchive = FuzzTarget(name: "web-archive") {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p>a page &amp; more</p>"
    let chunks =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>on\r\n3\r\ne</\r\n0\r\n"
    return [
      bytes(record("warcinfo", "a: b", "application/warc-fields") + record("response", page, "application/http")),
      bytes(record("response", chunks, "application/http") + record("conversion", "plain 中文", "text/plain")),
      bytes(record("resource", "<p>x</p>", "text/html") + "junk\r\n" + record("conversion", "last", "text/plain")),
      bytes("WARC/1.0\r\nContent-Length: 99999999999\r\n\r\nx"), bytes("WARC/1.0\n a: b\n\n\nWARC/1.1\n"),
    ]
  } run: {
    read($0, FileFormat(.webArchive))
  }

  /// Everything that rewrites a decoded text: the result is UTF-8, and done once is done.
  static let mending = FuzzTarget(name: "mending") {
    [
      bytes("the cafÃ© of AndrÃ©, itâ€™s so"), bytes("ÖÐ»ªÈËÃñ¹²ºÍ¹ú"), bytes("锛岀殑 it鈥檚"),
      bytes("e\u{301}\u{323} \u{1112}\u{1161}"),
      bytes("ok 😀 ❤️ 🇨🇳 1️⃣ 👩‍👧"), bytes("a<br/ >b&nbsp;c&lt;p&gt; < / p>"), bytes("~{VPND~} \u{1B}$B8l\u{1B}(B"),
    ]
  } run: { input in
    var settings = ReadSettings()
    settings.mendTags = true
    settings.emojiToText = true
    let text = Array(String(decoding: input, as: UTF8.self).utf8)
    let reader = DocumentReader(
      source: MemorySource(text), format: FileFormat(.text), settings: settings, options: SourceOptions())
    guard case .document(let document)? = try? reader.next() else { return }
    promise(UTF8Text.firstInvalid(document.text) == nil, "a text is not UTF-8")
    let again = Normalizer.normalize(document.text)
    promise(again == document.text, "a normalized text changes when it is normalized again")
  }

  static let converters = FuzzTarget(name: "converters") {
    [
      bytes(
        #"{converters: [{extensions: ["a"], chain: [{command: ["x", "{file}"], gives: "html", least_per_page: 5}]}]}"#),
      bytes(#"{converters: [{extensions: [".b"], chain: [{command: [], gives: "text", package: "p", seconds: 1}]}]}"#),
    ]
  } run: { input in
    guard let table = try? ConverterTable(input, file: "fuzz") else { return }
    for suffix in table.extensions { promise(!(table.chain(suffix) ?? []).isEmpty, "an empty chain") }
  }
}
