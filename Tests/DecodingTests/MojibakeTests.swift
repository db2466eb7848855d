import Bytes
import Decoding
import Documents
import Testing
import Text

@Suite struct MojibakeTests {
  private func read(_ text: String) -> (text: String, flags: DocumentFlags) {
    let document = readAll(text, .text).documents.first
    return (String(decoding: document?.text ?? [], as: UTF8.self), document?.flags ?? [])
  }

  @Test(
    "what every byte proves is put right",
    arguments: [
      ("the cafÃ© of AndrÃ©, itâ€™s so", "the café of André, it’s so"),
      ("one RostopchÃ\u{AD}n only", "one Rostopchín only"),
      ("ÖÐ»ªÈËÃñ¹²ºÍ¹ú", "中华人民共和国"), ("it鈥檚 a 鈥淗ello", "it’s a “Hello"),
      ("æ–‡å­—ä¸\u{AD}æ–‡", "文字中文"), ("the cafÃƒÂ© of AndrÃƒÂ©", "the café of André"),
      ("锛岃繖鏄竴涓祴璇曘€傛枃瀛�\n锛岀殑", "锛岃繖鏄竴涓祴璇曘€傛枃瀛�\n，的"),
    ])
  func undone(text: String, right: String) {
    let outcome = read(text)
    #expect(outcome.text == right)
    #expect(outcome.flags.contains(.undone))
  }

  @Test(
    "what lost a byte, or may be meant, stays",
    arguments: [
      ("这是锟斤拷的文字", true), ("烫烫烫烫", true), ("Ceci est une pensée à l'été, un CAFÉ» et Ê—", false),
      ("Das schöne Mädchen über die Straße führt", false), ("ÉÈÀ ÇÉ Ü", false), ("São João, AÇÃO E REAÇÃO", false),
      ("Ã is a letter; Â too", false), ("联通 and 联想", false), ("naïve café, “quoted” — dash… ™ ©", false),
      ("Tiếng Việt có dấu, ÂU LẠC", false),
    ])
  func stays(text: String, isFlagged: Bool) {
    let outcome = read(text)
    #expect(outcome.text == text)
    #expect(!outcome.flags.contains(.undone))
    #expect(outcome.flags.contains(.mojibake) == isFlagged)
  }

  @Test("switched off, nothing is put right")
  func off() {
    var settings = ReadSettings()
    settings.undoMojibake = false
    let text = "the cafÃ© of AndrÃ©, itâ€™s so"
    let outcome = readAll(MemorySource(Array(text.utf8)), FileFormat(.text), settings: settings)
    #expect(outcome.texts == [text])
    #expect(outcome.documents.first?.flags.contains(.mojibake) == true)
  }

  /// The text before it went wrong, by iconv, if it is the one that is told; nil when a byte was lost.
  private static func original(_ bytes: [UInt8], _ name: String, _ digest: String) -> [UInt8]? {
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    let (taken, right) = name.contains("gbk-as") ? ("ISO-8859-1", "GB18030") : ("WINDOWS-1252", "UTF-8")
    guard let before = EncodingAccuracyTests.encoded(scalars, taken, size: .max) else {
      return Digest.hex(Digest.sha256(bytes)) == digest ? Normalizer.normalize(bytes) : nil
    }
    let text = EncodingAccuracyTests.decoded(before, right)
    return Digest.hex(Digest.sha256(text)) == digest ? Normalizer.normalize(text) : nil
  }

  @Test(
    "real files that went wrong: put right or flagged, never called clean",
    .enabled(if: SharedData.isPresent("raw/messy.tar.zst")))
  func realFiles() throws {
    let files = try SharedData.unpack("raw/messy.tar.zst") {
      $0.contains("/mojibake/") || $0.hasSuffix("EXPECTED.json")
    }
    let list = try #require(files.first { $0.name.hasSuffix("EXPECTED.json") })
    var right = 0
    var flagged = 0
    for entry in try JSONParser.parse(list.bytes).array ?? [] {
      guard let name = entry["file"]?.string, name.hasPrefix("mojibake/"), let digest = entry["sha256_utf8"]?.string,
        let file = files.first(where: { $0.name.hasSuffix(name) }),
        let document = readAll(file.bytes, .text).documents.first
      else { continue }
      let isRight = document.text == MojibakeTests.original(file.bytes, name, digest)
      let isFlagged = document.flags.contains(.mojibake)
      print("\(name): \(isRight ? "right" : isFlagged ? "flagged" : "WRONG") \(document.flags.names)")
      #expect(isRight || isFlagged, "\(name)")
      if isRight { right += 1 } else if isFlagged { flagged += 1 }
    }
    // The UTF-8 that was read as GBK, and some of the others, lost bytes.
    #expect(right >= 9 && right + flagged == 18)
  }

  @Test(
    "right texts are not touched", .enabled(if: SharedData.isPresent("corpus/other/opensource-guide-26lang.jsonl.zst")),
    arguments: [
      "other/opensource-guide-26lang.jsonl.zst", "zh/oi-wiki.jsonl.zst", "en/python-peps.jsonl.zst",
      "zh/niutrans-bitext.jsonl.zst", "en/standardebooks.jsonl.zst", "zh/react-zh.jsonl.zst",
      "en/rust-rfcs-book.jsonl.zst",
    ])
  func rightTexts(path: String) {
    let reader = DocumentReader(
      source: MemorySource(SharedData.bytes("corpus/" + path)), format: FileFormat(.jsonLines, compression: .zstd),
      settings: ReadSettings(), options: SourceOptions())
    var touched = 0
    while let item = try? reader.next() {
      guard case .document(let document) = item, document.flags.contains(.undone) else { continue }
      touched += 1
      print("undone in \(path): \(String(decoding: document.userID, as: UTF8.self))")
    }
    #expect(touched <= 2)
  }
}
