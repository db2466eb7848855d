import Decoding
import Testing
import Text

@Suite struct SevenBitTests {
  @Test(
    "Chinese and Japanese hidden in ASCII are found by their marks",
    arguments: [
      ("~{VPND5DND1>~} and ~~ plain ~{2;JGKyRT~}", "中文的文本 and ~ plain 不是所以", "hz-gb-2312"),
      ("\u{1B}$BF|K\\8l\u{1B}(B text", "日本語 text", "iso-2022-jp"),
      ("\u{1B}$)A\u{E}VPND\u{F} text", "中文 text", "iso-2022-cn"),
      ("\u{1B}$)C\u{E}GQ1[\u{F} text", "한글 text", "iso-2022-kr"),
      ("a ~{b} c ~{ d ~} e", "a ~{b} c ~{ d ~} e", "utf-8"), ("\u{1B}[1mbold\u{1B}[0m", "bold", "utf-8"),
    ])
  func marks(text: String, right: String, encoding: String) {
    let outcome = readAll(text, .text)
    #expect(outcome.texts == [right])
    #expect(outcome.documents.first?.encoding == encoding)
  }

  @Test("records are never taken for it")
  func records() {
    #expect(readAll(#"{"text":"~{VPND5DND1>~}"}"#, .jsonLines).texts == ["~{VPND5DND1>~}"])
  }

  @Test("real files in HZ and ISO-2022", .enabled(if: SharedData.isPresent("raw/encodings-real.tar.zst")))
  func realFiles() throws {
    let files = try SharedData.unpack("raw/encodings-real.tar.zst") { $0.contains("cjkencodings/") }
    for name in ["hz", "iso2022_jp", "iso2022_kr"] {
      guard let file = files.first(where: { $0.name.hasSuffix("/\(name).txt") }),
        let twin = files.first(where: { $0.name.hasSuffix("/\(name)-utf8.txt") })
      else {
        Issue.record("\(name) is not in the archive")
        continue
      }
      #expect(readAll(file.bytes, .text).documents.first?.text == Normalizer.normalize(twin.bytes), "\(name)")
    }
  }
}
