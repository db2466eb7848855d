import Bytes
import Posix
import Testing

extension Scenes {
  /// Archives that hold pages as servers packed them, and tables of columns.
  @Suite(.serialized) struct Archives {
    private static let pyarrow = (try? Child.start(["python3", "-c", "import pyarrow"]).wait()) == 0

    private static let makeArchive = """
      import gzip
      def record(number, encoding, body):
          http = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n" + encoding + b"\\r\\n" + body
          head = b"WARC/1.0\\r\\nWARC-Type: response\\r\\nContent-Type: application/http\\r\\nContent-Length: %d\\r\\n\\r\\n"
          return head % len(http) + http + b"\\r\\n\\r\\n"
      def page(number):
          return b"<html><p>Page number %d of the archive is long enough to be read by somebody.</p></html>" % number
      with open("spool/incoming/web/a.warc", "wb") as file:
          for number in range(30):
              packed = number % 3 == 0
              body = gzip.compress(page(number)) if packed else page(number)
              file.write(record(number, b"Content-Encoding: gzip\\r\\n" if packed else b"", body))
          file.write(record(30, b"Content-Encoding: gzip\\r\\n", gzip.compress(page(30))[:-12]))
          file.write(record(31, b"Content-Encoding: gzip\\r\\n", gzip.compress(b"<p>" + bytes(70 << 20))))
      """

    @Test("packed pages are unpacked; a damaged one and one that is too long are set aside with the reason")
    func packedPages() throws {
      let scene = try Scene("packed")
      try scene.shell("mkdir -p spool/incoming/web\npython3 - <<'END'\n\(Self.makeArchive)\nEND")
      try scene.digest()
      let texts = try scene.corpus().map { String(decoding: $0.text, as: UTF8.self) }
      #expect(texts == (0..<30).map { "Page number \($0) of the archive is long enough to be read by somebody." })
      let reasons = try scene.spool.read("rejected/web/a.warc.bad.jsonl").split(separator: 0x0A)
        .map { try JSONParser.parse(Array($0))["reason"]?.string ?? "" }
      #expect(reasons.count == 2 && reasons[0].contains("gzip ended with status 1"), "\(reasons)")
      #expect(reasons.count == 2 && reasons[1].contains("read.max_document_mb"), "\(reasons)")
    }

    @Test(
      "rows of a parquet file become documents with their columns",
      .enabled(if: Archives.pyarrow, "skipped: no pyarrow"))
    func parquet() throws {
      let scene = try Scene("parquet")
      try scene.shell(
        """
        mkdir -p spool/incoming/table
        echo "{text_field: 'body', id_field: 'key'}" >spool/incoming/table/.source.json5
        python3 - <<'END'
        import pyarrow, pyarrow.parquet
        rows = 5000
        table = pyarrow.table({
            "key": [f"k{n}" for n in range(rows)], "stars": list(range(rows)),
            "body": [f"第{n}行的正文足够长，可以作为一篇文档。Row number {n} has a text." for n in range(rows)]})
        pyarrow.parquet.write_table(table, "spool/incoming/table/a.parquet", row_group_size=700)
        END
        """)
      try scene.digest()
      let documents = try scene.corpus()
      #expect(documents.count == 5000 && scene.count("table", "rejected") == 0)
      #expect(
        documents.map { String(decoding: $0.text, as: UTF8.self) }
          == (0..<5000).map { "第\($0)行的正文足够长，可以作为一篇文档。Row number \($0) has a text." })
      let line = try JSONParser.parse(
        Array(try Scene.unpacked(scene.spool.read("corpus/00000000.jsonl.zst")).prefix { $0 != 0x0A }))
      #expect(line["user_id"]?.string == "k0" && line["metadata"]?["stars"]?.integer == 0)
      #expect(line["metadata"]?["converter"]?.string != nil && line["metadata"]?["body"] == nil)
    }
  }
}
