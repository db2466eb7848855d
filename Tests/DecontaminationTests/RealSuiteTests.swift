import Bytes
import Fixtures
import Posix
import Suites
import Testing

@testable import Decontamination

/// Real suites and real documents, where they are beside the repository.
@Suite("Real suites")
struct RealSuiteTests {
  /// Contexts, questions and answers of CMRC 2018 as benchmark items.
  private static func cmrc() throws -> SuiteSource? {
    var lines: [JSONValue] = []
    for part in ["dev", "trial"] {
      guard let bytes = SharedData.read("eval/cmrc2018-dev/data/cmrc2018_\(part).json") else { return nil }
      for entry in try JSONParser.parse(bytes).array ?? [] {
        let question =
          (entry["context_text"]?.bytes ?? []) + [0x0A] + (entry["qas"]?.array?[0]["query_text"]?.bytes ?? [])
        let answer = entry["qas"]?.array?[0]["answers"]?.array?[0] ?? .null
        lines.append(.object([JSONMember("question", .text(question)), JSONMember("answer", answer)]))
      }
    }
    return suite(.benchmark, "cmrc2018", lines)
  }

  private static let rule = Result {
    try cmrc().map { ContaminationRule(SuiteIndex([$0], DecontaminateSettings()), common: []) }
  }

  @Test("Every context of CMRC 2018 is found in its corpus")
  func contexts() throws {
    guard let rule = try Self.rule.get(), let corpus = SharedData.read("corpus/zh/cmrc2018-wiki-zh.jsonl.zst") else {
      return
    }
    let documents = try SharedData.lines(corpus).map { try SharedData.field("text", in: $0) }
    #expect(documents.count == 1104)
    #expect(documents.count { rule.judge($0) == nil } == 0)
  }

  @Test(
    "Other documents are lost only where they quote what an item quotes",
    arguments: [
      ("zh/d2l-zh", 0), ("zh/oi-wiki", 0), ("zh/javaguide", 0), ("zh/just-laws", 0), ("zh/lawrefbook", 1),
      ("zh/swift-book-zh", 0), ("zh/chinese-poetry", 1), ("zh/niutrans-bitext", 1),
    ])
  func others(_ name: String, _ most: Int) throws {
    guard let rule = try Self.rule.get(), let corpus = SharedData.read("corpus/\(name).jsonl.zst") else { return }
    // Some documents spread evenly: debug builds are slow.
    let lines = corpus.split(separator: 0x0A)
    let lost = try SharedData.lines(corpus, every: max(1, lines.count / 60)).filter {
      rule.judge(try SharedData.field("text", in: $0)) != nil
    }
    #expect(lost.count <= most, "\(name)")
  }

  /// Another case, width, punctuation and layout, the words being the same.
  private static func disguised(_ text: [UInt8], _ seed: Int) -> [UInt8] {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    var result = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let choice = state >> 61
      let isLetter =
        scalar.isASCII && (scalar.properties.isAlphabetic || (scalar.value >= 0x30 && scalar.value <= 0x39))
      switch choice {
      case 0 where isLetter: result.unicodeScalars.append(Unicode.Scalar(scalar.value + 0xFEE0)!)
      case 1 where isLetter: result += String(scalar).uppercased()
      case 2 where isLetter: result += String(scalar).lowercased()
      case 0 where scalar == " ": result += "\n"
      case 1 where scalar == " ": result += ", "
      case 2 where scalar == " ": result += "　"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return Array(result.utf8)
  }

  @Test(
    "Planted items are found whatever their case, width and punctuation",
    arguments: ["gsm8k/data/test.jsonl", "hellaswag", "humaneval"])
  func planted(_ name: String) throws {
    guard let lines = try Self.items(name), let corpus = SharedData.read("corpus/en/openstax-lifeliberty.jsonl.zst")
    else {
      return
    }
    let source = SuiteSource(kind: .benchmark, name: "planted", bytes: Array(lines.joined(separator: [0x0A])))
    let index = SuiteIndex([source], DecontaminateSettings())
    let rule = ContaminationRule(index, common: [])
    let carriers = try SharedData.lines(corpus).map { try SharedData.field("text", in: $0) }
    #expect(carriers.count { rule.judge($0) != nil } == 0, "\(name): the documents themselves hold nothing")
    let short = Set(index.tooShort[0])
    var missed = 0
    var planted = 0
    for (number, item) in source.items.enumerated() where !short.contains(number) {
      let carrier = carriers[number % carriers.count]
      let text = Self.disguised(item.texts.max { $0.count < $1.count } ?? [], number)
      let cut = (0...carrier.count / 2).last { carrier[$0] & 0xC0 != 0x80 } ?? 0
      let document = carrier[..<cut] + Array("\n".utf8) + text + Array(".\n".utf8) + carrier[cut...]
      planted += 1
      if rule.judge(Array(document)) == nil { missed += 1 }
    }
    #expect(missed == 0, "\(name): \(missed) of \(planted), \(short.count) too short")
    #expect(planted > 100)
  }

  /// Lines of a suite.
  private static func items(_ name: String) throws -> [[UInt8]]? {
    switch name {
    case "humaneval":
      try unpacked("eval/humaneval/data/HumanEval.jsonl.gz", "zcat").map { SharedData.lines($0).map(Array.init) }
    case "hellaswag":
      // Six lines an item: the context, the number of the right ending, four endings.
      try unpacked("eval/hellaswag-val-text/hellaswag_val_full.txt.bz2", "bzcat").map { bytes in
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        return stride(from: 0, to: min(lines.count - 6, 12_000), by: 6).map { start in
          JSONWriter.compact(
            .object([
              "question": .text(lines[start]), "choices": .array(lines[(start + 2)..<(start + 6)].map { .text($0) }),
            ]))
        }
      }
    default: SharedData.read("eval/\(name)").map { SharedData.lines($0).map(Array.init) }
    }
  }

  private static func unpacked(_ name: String, _ program: String) throws -> [UInt8]? {
    guard SharedData.read(name) != nil,
      let child = try? Child.start([program, SharedData.path(name)], captureOutput: true)
    else {
      print("skipped: no \(program)")
      return nil
    }
    defer { _ = child.wait() }
    return try child.output?.readAll()
  }
}
