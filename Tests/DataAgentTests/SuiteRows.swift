import Bytes
import Posix
import Spool

extension TestSpool {
  /// Drops a benchmark of these questions.
  func dropSuite(_ name: String, _ questions: [String], kind: Path = "benchmark") throws {
    let key = kind == "ppl" ? "text" : "question"
    let lines = questions.map { JSONWriter.compact(.object([JSONMember(key, .string($0))])) + [0x0A] }
    try layout.suites.make(kind).replaceFile(Path(name + ".jsonl"), with: lines.flatMap { $0 })
  }

  func report(_ name: Path) throws -> JSONValue { try json("eval/contamination" / name) }
  var contaminated: Int { get throws { try counts("web")["contaminated"] ?? -1 } }
}

/// What the fixture's spool holds: its third document is a question here.
private let leaked = texts(40, seed: 30)[2]

/// Suites: rows D.
let suiteRows: [Row] = [
  Row("D1", "dropped", .adopted) {
    try $0.dropSuite("quiz", [leaked])
  } holds: {
    try $0.contaminated == 1 && $0.events("suites").count == 1
      && $0.layout.root.exists("eval/contamination/benchmark-quiz.json")
  },
  Row("D1", "removed", .adopted) { spool in
    try spool.dropSuite("quiz", [leaked])
    try spool.run()
    try spool.layout.suites.remove("benchmark/quiz.jsonl")
  } holds: {
    try $0.contaminated == 0 && $0.counts("web")["kept"] == 40
  },
  Row("D1", "changed", .adopted) { spool in
    try spool.dropSuite("quiz", [leaked])
    try spool.run()
    try spool.dropSuite("quiz", ["nothing that anybody ever wrote is in this line of words at all, it is said"])
  } holds: {
    try $0.contaminated == 0
  },
  Row("D2", .goesOn) { spool in
    try spool.dropSuite("quiz", [leaked])
    try spool.run()
    try spool.forget(last: "judged")
  } holds: {
    try $0.contaminated == 1 && $0.events("suites").count == 1
  },
  Row("D3", .remade) { spool in
    try spool.dropSuite("quiz", [leaked])
    try spool.run()
    try spool.layout.root.remove("eval/contamination/benchmark-quiz.json")
  } holds: {
    try $0.report("benchmark-quiz.json")["contaminated_documents"]?.integer == 1
  },
  Row("D4", .removed) {
    try $0.layout.root.make("eval/contamination").replaceFile("benchmark-gone.json", with: [1])
  } holds: {
    !$0.layout.root.exists("eval/contamination/benchmark-gone.json")
  },
]
