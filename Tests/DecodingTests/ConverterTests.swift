import Decoding
import Glibc
import Settings
import Testing

@Suite struct ConverterTests {
  private func table(_ text: String) throws -> ConverterTable {
    try ConverterTable(Array(text.utf8), file: "own.json5")
  }

  @Test("etc/converters.json5 is what is built in")
  func builtIn() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let file = try #require(fopen(root + "/etc/converters.json5", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    #expect(try ConverterTable(Array(bytes[..<count]), file: "etc") == ConverterTable.builtIn())
  }

  @Test("what people have is preset, each program with its package")
  func presets() throws {
    let table = try ConverterTable.builtIn()
    for suffix in ["pdf", "docx", "odt", "epub", "adoc", "doc", "djvu", "parquet", "ipynb"] {
      let chain = try #require(table.chain(suffix), "\(suffix)")
      for program in chain where !program.command.isEmpty { #expect(!program.package.isEmpty, "\(suffix)") }
    }
    let pdf = try #require(table.chain("pdf"))
    #expect(pdf.map(\.name) == ["pdftotext", "tesseract", "tesseract"] && pdf[0].leastPerPage > 0)
    // Its text goes over two lines: JSON5 joins them.
    #expect(table.chain("parquet")?[0].command[2].contains("\nfor batch in ") == true)
  }

  @Test(
    "the name tells the plan",
    arguments: [
      ("a.txt", "read"), ("a.PDF", "convert"), ("a.pdf.gz", ""), ("a.rst", "read"), ("x.y/a.docx", "convert"),
      ("docx", ""),
      ("a.warc.gz", "read"), ("a.xyz", ""), ("a.adoc", "convert"), (".pdf", "convert"),
    ])
  func plan(name: String, plan: String) throws {
    let found: String =
      switch try ConverterTable.builtIn().plan(name: Array(name.utf8)) {
      case .read: "read"
      case .convert: "convert"
      case nil: ""
      }
    #expect(found == plan)
  }

  @Test("a user's file adds extensions and comes before what is read natively")
  func own() throws {
    let own = try table(#"{converters:[{extensions:["rst",".xyz"],chain:[{command:["cat"],gives:"markdown"}]}]}"#)
    let both = try ConverterTable.builtIn().adding(own)
    for name in ["a.rst", "a.xyz"] {
      guard case .convert(let chain)? = both.plan(name: Array(name.utf8)) else {
        Issue.record("\(name) is not converted")
        continue
      }
      #expect(chain.map(\.name) == ["cat"] && chain[0].gives == .markdown)
    }
    #expect(both.chain("pdf") != nil)
  }

  @Test(
    "mistakes are refused with their line and what would be right",
    arguments: [
      ("{convertes:[]}", "did you mean 'converters'"),
      ("{converters:[{extension:[\"a\"],chain:[]}]}", "did you mean 'extensions'"),
      ("{converters:[{extensions:[\"a\"],chain:[]}]}", "chain must be a list"),
      ("{converters:[{extensions:[\"a\"],chain:[{command:[\"x\"],gives:\"txt\"}]}]}", "gives must be one of"),
      ("{converters:[{extensions:[\"a\"],chain:[{command:\"x y\"}]}]}", "command must be a list"),
      ("{converters:[{extensions:[\"a\"],chain:[{command:[\"x\"],seconds:0}]}]}", "1...1000000"),
      ("{converters:[{extensions:[\"a\",\"a\"],chain:[{command:[\"x\"]}]}]}", "twice"),
    ])
  func mistakes(text: String, reason: String) {
    let error = #expect(throws: SettingError.self) { try table(text) }
    #expect(error.map { "\($0)" }?.contains(reason) == true, "\(error.map { "\($0)" } ?? "")")
    #expect(error.map { "\($0)" }?.contains("own.json5") == true)
  }

  @Test("how much text is enough")
  func enough() throws {
    let program = try #require(try ConverterTable.builtIn().chain("pdf")?.first)
    #expect(!program.isEnough(Array("\u{C}\u{C}".utf8)))
    #expect(!program.isEnough(Array((String(repeating: "x", count: 100) + "\u{C}\u{C}").utf8)))
    #expect(program.isEnough(Array((String(repeating: "x", count: 100) + "\u{C}").utf8)))
  }
}
