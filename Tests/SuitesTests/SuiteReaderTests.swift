import Bytes
import Testing

@testable import Suites

@Suite struct SuiteReaderTests {
  static func read(_ kind: SuiteKind, _ text: String, settings: String? = nil) throws(SuiteError) -> Suites.Suite {
    try Suites.Suite.read(kind: kind, name: "s", items: Array(text.utf8), settings: settings.map { Array($0.utf8) })
  }

  static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func perplexityItemsKeepTextChannelAndID() throws {
    let suite = try Self.read(.ppl, "\u{FEFF}{\"text\":\"一\\n二\",\"channel\":\"zh\"}\r\n\n{\"id\":7,\"text\":\"b\"}")
    #expect(
      suite.content
        == .ppl([
          PerplexityItem(id: "1", text: Self.bytes("一\n二"), channel: "zh"),
          PerplexityItem(id: "7", text: Self.bytes("b")),
        ]))
    #expect(suite.id == "ppl/s" && suite.fileStem == "ppl-s" && suite.count == 2)
  }

  @Test func probesHaveThreeShapes() throws {
    let suite = try Self.read(
      .probe,
      """
      {"prompt":"a","target":" b","group":"g"}
      {"text":"c"}
      {"better":"d","worse":"e"}
      """)
    #expect(
      suite.content
        == .probe([
          ProbeItem(id: "1", group: "g", probe: .target(prompt: Self.bytes("a"), target: Self.bytes(" b"))),
          ProbeItem(id: "2", probe: .text(Self.bytes("c"))),
          ProbeItem(id: "3", probe: .comparison(better: Self.bytes("d"), worse: Self.bytes("e"))),
        ]))
    #expect(suite.texts == ["a b", "c", "d", "e"].map(Self.bytes))
  }

  @Test(arguments: [("0", 0), ("2", 2), ("\"A\"", 0), ("\"C\"", 2), ("\"b\"", 1)])
  func answersAreIndexesOrLetters(written: String, index: Int) throws {
    let suite = try Self.read(.benchmark, "{\"question\":\"q\",\"choices\":[\"x\",\"y\",\"z\"],\"answer\":\(written)}")
    let item = BenchmarkItem(
      id: "1", question: Self.bytes("q"), choices: ["x", "y", "z"].map(Self.bytes), answer: .choice(index))
    #expect(suite.content == .benchmark([item], BenchmarkSettings()))
    #expect(suite.texts == [Self.bytes("q\nx\ny\nz")])
  }

  @Test func settingsFileIsPartOfTheSuite() throws {
    let items = "{\"question\":\"1+1\",\"answer\":\"2\"}\n"
    let plain = try Self.read(.benchmark, items)
    let set = try Self.read(.benchmark, items, settings: "{shots: 0, max_tokens: 4}")
    guard case .benchmark(_, let settings) = set.content else { return #expect(Bool(false), "a benchmark") }
    #expect(settings.shots == 0 && settings.maxTokens == 4)
    // As sha256sum gives it for the file.
    #expect(plain.sha256 == Digest.hex(Digest.sha256(Self.bytes(items))))
    #expect(set.sha256 == Digest.hex(Digest.sha256(Self.bytes(items + "{shots: 0, max_tokens: 4}"))))
  }

  struct Wrong: CustomTestStringConvertible {
    let kind: SuiteKind
    let text: String
    let line: Int
    let says: String
    var testDescription: String { text }
  }

  static let wrong: [Wrong] = [
    Wrong(kind: .ppl, text: "", line: 0, says: "no item"),
    Wrong(kind: .ppl, text: "{\"text\":\"a\"}\n{\"text\":", line: 2, says: "not a JSON object"),
    Wrong(kind: .ppl, text: "[1]", line: 1, says: "a JSON object is expected"),
    Wrong(kind: .ppl, text: "\n\n{\"txt\":\"a\"}", line: 3, says: "did you mean 'text'?"),
    Wrong(kind: .ppl, text: "{\"text\":\" \"}", line: 1, says: "'text' is empty"),
    Wrong(kind: .ppl, text: "{\"text\":5}", line: 1, says: "not a text"),
    Wrong(kind: .ppl, text: "{\"text\":\"a\",\"text\":\"b\"}", line: 1, says: "given twice"),
    Wrong(
      kind: .ppl, text: "{\"id\":\"x\",\"text\":\"a\"}\n{\"id\":\"x\",\"text\":\"b\"}", line: 2,
      says: "on line 1 already"),
    Wrong(kind: .probe, text: "{\"prompt\":\"a\"}", line: 1, says: "'target' is missing"),
    Wrong(
      kind: .probe, text: "{\"prompt\":\"a\",\"target\":\"b\",\"text\":\"c\"}", line: 1, says: "one of three shapes"),
    Wrong(kind: .probe, text: "{\"group\":\"a\"}", line: 1, says: "one of three shapes"),
    Wrong(kind: .probe, text: "{\"better\":\"a\",\"worse\":\"a\"}", line: 1, says: "are the same"),
    Wrong(kind: .benchmark, text: "{\"question\":\"q\"}", line: 1, says: "'answer' is missing"),
    Wrong(
      kind: .benchmark, text: "{\"question\":\"q\",\"choices\":[\"a\"],\"answer\":0}", line: 1, says: "2...26 texts"),
    Wrong(
      kind: .benchmark, text: "{\"question\":\"q\",\"choices\":[\"a\",\"b\"],\"answer\":2}", line: 1, says: "A...B"),
    Wrong(
      kind: .benchmark, text: "{\"question\":\"q\",\"choices\":[\"a\",\"b\"],\"answer\":\"C\"}", line: 1,
      says: "no choice"),
    Wrong(
      kind: .benchmark, text: "{\"question\":\"q\",\"choices\":[\"a\",\"a\"],\"answer\":0}", line: 1,
      says: "there twice"),
    Wrong(kind: .benchmark, text: "{\"question\":\"q\",\"answer\":\"a\\nb\"}", line: 1, says: "more than one line"),
  ]

  @Test(arguments: wrong) func errorsNameLineReasonAndRemedy(_ wrong: Wrong) {
    let error = #expect(throws: SuiteError.self) { try Self.read(wrong.kind, wrong.text) }
    #expect(error?.file == "\(wrong.kind.rawValue)/s.jsonl")
    #expect(error?.line == wrong.line)
    #expect(error?.description.contains(wrong.says) == true, "\(String(describing: error))")
    #expect(error?.remedy.isEmpty == false)
  }

  @Test func bytesThatAreNoTextAreRefusedWithTheirLine() {
    let items = Self.bytes("{\"text\":\"a\"}\n{\"text\":\"") + [0xFF] + Self.bytes("\"}\n")
    let error = #expect(throws: SuiteError.self) { try Suites.Suite.read(kind: .ppl, name: "s", items: items) }
    #expect(error?.line == 2 && error?.reason == "byte 9 of the line is not UTF-8")
  }

  @Test(arguments: [
    ("{shot: 1}", 1, "did you mean 'benchmark.shots'?"), ("{\n\n shots: -1}", 3, "0...64"),
    ("{transforms: ['shufle']}", 0, "did you mean 'shuffle'?"), ("{transforms: []}", 0, "at least one"),
    ("{answer_form: 'words'}", 1, "one of"), ("{", 1, ""),
  ])
  func settingsErrorsNameTheirFile(settings: String, line: Int, says: String) {
    let item = "{\"question\":\"q\",\"choices\":[\"a\",\"b\"],\"answer\":0}"
    let error = #expect(throws: SuiteError.self) { try Self.read(.benchmark, item, settings: settings) }
    #expect(error?.file == "benchmark/s.json5" && error?.line == line, "\(String(describing: error))")
    #expect(error?.description.contains(says) == true, "\(String(describing: error))")
  }

  @Test func shuffleNeedsChoicesAndLettersToo() {
    for settings in ["{transforms: ['shuffle']}", "{answer_form: 'letter'}"] {
      #expect(throws: SuiteError.self) {
        try Self.read(.benchmark, "{\"question\":\"q\",\"answer\":\"a\"}", settings: settings)
      }
    }
  }

  @Test(arguments: ["", "a b", "a.b", "a/b"]) func namesThatCannotBeFileNamesAreRefused(name: String) {
    #expect(throws: SuiteError.self) {
      try Suites.Suite.read(kind: .ppl, name: name, items: Self.bytes("{\"text\":\"a\"}"))
    }
  }
}
