import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// One file of each kind that people drop: each becomes documents, or says what is missing.
  @Suite(.serialized) struct Formats {
    private static let sentence = "这是一段足够长的中文文字，用来看它有没有被读出来。An English sentence goes with it, so that both are there."

    private static func isInstalled(_ program: String) -> Bool {
      let found = Scene.has(program)
      if !found { print("skipped: \(program) is not installed") }
      return found
    }

    private static func record(_ type: String, _ block: String, _ contentType: String) -> String {
      "WARC/1.0\r\nWARC-Type: \(type)\r\nWARC-Target-URI: http://example.org/\(type)\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        + "Content-Type: \(contentType)\r\nContent-Length: \(block.utf8.count)\r\n\r\n\(block)\r\n\r\n"
    }

    /// The documents' lines by their source; a source here has one.
    private func lines(_ scene: Scene) throws -> [String: JSONValue] {
      var lines: [String: JSONValue] = [:]
      for name in scene.names("corpus") where name.hasSuffix(".jsonl.zst") {
        for line in try Scene.unpacked(scene.spool.read(Path("corpus/\(name)"))).split(separator: 0x0A) {
          let value = try JSONParser.parse(Array(line))
          if let source = value["source"]?.string, lines[source] == nil { lines[source] = value }
        }
      }
      return lines
    }

    private func texts(_ scene: Scene) throws -> [String: String] {
      try lines(scene).compactMapValues { $0["text"]?.string }
    }

    @Test("every kind that is read without a program")
    func native() throws {
      let scene = try Scene("formats")
      let page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><nav>menu menu</nav><h1>Title</h1><p>\(Self.sentence)</p></html>"
      try scene.drop("warc/a.warc", Self.record("response", page, "application/http"))
      try scene.drop("wet/a.wet", Self.record("conversion", Self.sentence, "text/plain"))
      try scene.drop("html/a.html", "<html><body><nav>menu</nav><p>\(Self.sentence)</p></body></html>")
      try scene.drop("md/a.md", "# Title\n\n\(Self.sentence)\n")
      try scene.drop("json/a.json", "[{\"text\": \"\(Self.sentence)\"}]")
      try scene.drop("nfd/a.txt", "cafe\u{301} \(Self.sentence)")
      try scene.drop("mojibake/a.txt", "the cafÃ© of AndrÃ©, itâ€™s so and goes on for a while")
      try scene.drop(
        "mapped/.source.json5", "{text_fields: [\"title\", \"body\"], licence: \"CC0\", url_field: \"link\"}")
      try scene.drop("mapped/a.jsonl", "{\"title\": \"T\", \"body\": \"\(Self.sentence)\", \"link\": \"http://x/\"}\n")
      try scene.drop(
        "chat/a.jsonl",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"\(Self.sentence)\"}, {\"role\": \"assistant\", \"content\": \"Yes.\"}]}\n"
      )
      try scene.drop("packed/a.txt", Self.sentence)
      try scene.shell(
        "gzip -n spool/incoming/packed/a.txt; xz -k -c spool/incoming/md/a.md > spool/incoming/packed/b.md.xz")
      try scene.digest()
      let texts = try texts(scene)
      for source in ["warc", "wet", "html", "md", "json", "nfd", "mapped", "chat", "packed"] {
        #expect(texts[source]?.contains(Self.sentence) == true, "\(source)")
      }
      #expect(texts["warc"]?.contains("menu") == false && texts["html"]?.contains("menu") == false)
      #expect(texts["warc"]?.contains("# Title") == true)
      #expect(Array(texts["nfd"]?.unicodeScalars.prefix(4).map(\.value) ?? []) == [0x63, 0x61, 0x66, 0xE9])
      #expect(texts["mojibake"]?.contains("the café of André, it’s so") == true)
      #expect(texts["mapped"]?.hasPrefix("T\n\n") == true)
      #expect(texts["chat"]?.hasPrefix("user: ") == true && texts["chat"]?.contains("assistant: Yes.") == true)
      let lines = try lines(scene)
      let mapped = try #require(lines["mapped"]?["metadata"])
      #expect(mapped["licence"]?.string == "CC0" && mapped["url"]?.string == "http://x/")
      #expect(lines["warc"]?["metadata"]?["url"]?.string == "http://example.org/response")
      #expect(lines["mojibake"]?["flags"]?.array?.compactMap(\.string) == ["undone"])
    }

    private static let own = """
      {
        converters: [
          {
            extensions: ["two"],
            chain: [
              { command: ["sh", "-c", "printf x"], gives: "text", least_per_page: 10 },
              { command: ["sh", "-c", "cat; echo second"], gives: "text" },
            ],
          },
          { extensions: ["path"], chain: [{ command: ["cat", "{file}"], gives: "markdown" }] },
          { extensions: ["rows"], chain: [{ command: ["sh", "-c", "cat"], gives: "jsonl" }] },
          { extensions: ["gone"], chain: [{ command: ["no-such-program"], gives: "text", package: "some-package" }] },
          { extensions: ["fails"], chain: [{ command: ["sh", "-c", "echo broken >&2; exit 3"], gives: "text" }] },
          { extensions: ["slow"], chain: [{ command: ["sleep", "30"], gives: "text", seconds: 1 }] },
          { extensions: ["big"], chain: [{ command: ["sh", "-c", "yes"], gives: "text" }] },
          { extensions: ["poor"], chain: [{ command: ["cat"], gives: "text", least_per_page: 100000 }] },
        ],
      }
      """

    @Test("a user's programs: the first with text enough, else the next; what fails says so and what to do")
    func chain() throws {
      let scene = try Scene("chain")
      try scene.folder.replaceFile("own.json5", with: Array(Self.own.utf8))
      scene.settings += ["read.converters=\(scene.root)/own.json5", "read.max_document_mb=1", "read.convert_s=20"]
      for kind in ["two", "path", "gone", "fails", "slow", "big", "poor"] {
        try scene.drop(Path("\(kind)/a.\(kind)"), Self.sentence)
      }
      try scene.drop(
        "rows/a.rows", "{\"text\": \"\(Self.sentence)\"}\nnot json\n{\"text\": \"another line of text\"}\n")
      try scene.digest()
      let texts = try texts(scene)
      #expect(texts["two"] == Self.sentence + "second\n\n" || texts["two"] == Self.sentence + "second\n")
      for kind in ["path", "rows", "poor"] { #expect(texts[kind]?.contains(Self.sentence) == true, "\(kind)") }
      #expect(scene.count("rows", "kept") == 2 && scene.count("rows", "rejected") == 1)
      let reasons = [
        ("gone", "no-converter", "no-such-program is not installed", "install some-package"),
        ("fails", "converter", "broken", "name another program"),
        ("slow", "converter", "killed", "convert it yourself"),
        ("big", "converter", "max_document_mb", "convert it yourself"),
      ]
      for (kind, code, message, remedy) in reasons {
        let reason = try #require(scene.json(Path("rejected/\(kind)/a.\(kind).reason.json")), "\(kind)")
        #expect(reason["code"]?.string == code, "\(kind)")
        #expect(reason["message"]?.string?.contains(message) == true, "\(kind): \(reason["message"]?.string ?? "")")
        #expect(
          reason["what_to_do"]?.string?.contains(remedy) == true, "\(kind): \(reason["what_to_do"]?.string ?? "")")
      }
      #expect(try lines(scene)["path"]?["metadata"]?["converter"]?.string == "cat")
    }

    private static func slow(_ command: String) -> [UInt8] {
      Array(
        "{converters: [{extensions: ['slow'], chain: [{command: [\(command)], gives: 'text', seconds: 300}]}]}".utf8)
    }

    @Test("asked to leave while a program works: the file is not rejected, the next start reads it")
    func leaving() throws {
      let scene = try Scene("leaving")
      try scene.folder.replaceFile("own.json5", with: Self.slow("'sleep', '200'"))
      scene.settings.append("read.converters=\(scene.root)/own.json5")
      try scene.drop("s/a.slow", Self.sentence)
      let running = try scene.start(["agent"])
      try scene.wait(20, "the file is taken") { scene.names("state/claimed").count == 1 }
      Clock.sleep(1)
      #expect(running.stop() == 0, "\(running.log)")
      #expect(scene.names("state/claimed").count == 1 && !scene.exists("rejected/s/a.slow"))
      try scene.folder.replaceFile("own.json5", with: Self.slow("'cat'"))
      try scene.digest()
      #expect(try texts(scene)["s"]?.contains(Self.sentence) == true)
    }

    @Test("office files and books through pandoc", .enabled(if: Formats.isInstalled("pandoc")))
    func pandoc() throws {
      let scene = try Scene("pandoc")
      try scene.folder.replaceFile(
        "a.md",
        with: Array("# Title\n\n\(Self.sentence)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nInline $x^2$ math.\n".utf8))
      for kind in ["docx", "odt", "epub", "ipynb"] {
        _ = try scene.spool.open("incoming").make(Path(kind))
        try scene.shell("pandoc --metadata title=T a.md -o spool/incoming/\(kind)/a.\(kind)")
      }
      try scene.digest()
      let texts = try texts(scene)
      for kind in ["docx", "odt", "epub", "ipynb"] {
        let text = texts[kind] ?? ""
        #expect(text.contains("这是一段足够长的中文文字") && text.contains("An English sentence goes with it"), "\(kind): \(text)")
        #expect(text.contains("Title") && !text.contains("<div"), "\(kind): \(text)")
      }
      #expect(texts["docx"]?.contains("| 1 | 2 |") == true || texts["docx"]?.contains("| 1   | 2   |") == true)
      #expect(texts["docx"]?.contains("$x^{2}$") == true)
    }

    @Test("the text of a PDF, and of a scan by OCR", .enabled(if: Formats.isInstalled("pdftotext")))
    func pdf() throws {
      let scene = try Scene("pdf")
      let lines = [
        "A page of plain text that says enough to be read", "and goes on in a second line of the same page.",
      ]
      try scene.drop("pdf/a.pdf", Self.pdf(lines))
      let canScan = Formats.isInstalled("gs") && Formats.isInstalled("tesseract")
      if canScan {
        try scene.shell(
          "mkdir -p spool/incoming/scan; gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfimage8 -r150 -sOutputFile=scan.pdf spool/incoming/pdf/a.pdf; "
            + "mv scan.pdf spool/incoming/scan/a.pdf")
      }
      try scene.digest()
      let texts = try texts(scene)
      for line in lines { #expect(texts["pdf"]?.contains(line) == true) }
      if canScan {
        #expect(texts["scan"]?.contains("plain text that says enough") == true, "\(texts["scan"] ?? "nothing")")
      }
    }

    /// One page with lines of text, written by hand.
    private static func pdf(_ lines: [String]) -> [UInt8] {
      let stream = "BT /F1 12 Tf 50 750 Td 14 TL " + lines.map { "(\($0)) Tj T*" }.joined(separator: " ") + " ET"
      let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
        "<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream",
      ]
      var file = "%PDF-1.4\n"
      var places: [Int] = []
      for (index, object) in objects.enumerated() {
        places.append(file.utf8.count)
        file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
      }
      let table = file.utf8.count
      file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
      for place in places { file += String(repeating: "0", count: 10 - "\(place)".count) + "\(place) 00000 n \n" }
      return Array("\(file)trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
    }

    @Test("clean takes raw files of any kind as arguments")
    func rawFiles() throws {
      let scene = try Scene("raw")
      try scene.folder.replaceFile("a.html", with: Array("<p>\(Self.sentence)</p>".utf8))
      try scene.folder.replaceFile("b.jsonl", with: Array("{\"id\": 5, \"text\": \"\(Self.sentence)\"}\nbad\n".utf8))
      try scene.folder.replaceFile("c.xyz", with: [1, 2, 3])
      try scene.shell("printf '\\326\\320\\316\\304\\265\\304\\312\\307\\n' | gzip > d.txt.gz")
      let outcome = try scene.run(
        "clean", "\(scene.root)/a.html", "\(scene.root)/b.jsonl", "\(scene.root)/c.xyz", "\(scene.root)/d.txt.gz")
      #expect(outcome.code == 65)
      let lines = try outcome.lines.map { try JSONParser.parse(Array($0.utf8)) }
      #expect(lines.map { $0["text"]?.string } == [Self.sentence, Self.sentence, "中文的是\n"])
      #expect(lines.map { $0["encoding"]?.string } == [nil, nil, "gb18030"])
      #expect(lines[1]["id"]?.integer == 5 && lines[0]["file"]?.string?.hasSuffix("a.html") == true)
      #expect(lines.allSatisfy { $0["channel"]?.string != nil && $0["score"] != nil })
      #expect(outcome.log.contains("b.jsonl: record 2 at byte") && outcome.log.contains("c.xyz: unknown-format"))
    }
  }
}
