import Bytes
import EvalAgent
import Posix
import Spool
import Testing

/// The rows R of docs/SPOOL.md: what `check` says, and that the evaluator does it.
@Suite struct ResultRowTests {
  private static let place = "eval/results/g0000-part-00001"
  private let spool: TestSpool
  private let whole: [String: [UInt8]]

  init() throws {
    spool = try EvaluatorTests.filled()
    try EvaluatorTests.run(spool)
    whole = try spool.files("eval/results")
  }

  private func found() throws -> [String] {
    var check = EvaluatorCheck(spool.layout.root)
    return try check.look().list.map { "\($0.row) \($0.action.rawValue)" }
  }

  @Test("R1: details without their result are made again, the same")
  func detailsAlone() throws {
    try spool.layout.root.remove(Path("\(Self.place)/ppl-mix.json"))
    #expect(try found() == ["R1 made again"])
    try EvaluatorTests.run(spool)
    #expect(try spool.files("eval/results") == whole)
    #expect(try found() == [])
  }

  @Test("R2: a result never changes")
  func atRest() throws {
    #expect(try found() == [])
    try EvaluatorTests.run(spool)
    #expect(try spool.files("eval/results") == whole)
  }

  @Test("R3: temporaries go")
  func temporaries() throws {
    try spool.layout.root.open(Path(Self.place)).replaceFile(".ppl-mix.json.tmp", with: [1])
    #expect(try found() == ["R3 removed"])
    try EvaluatorTests.run(spool)
    #expect(try spool.files("eval/results") == whole)
  }

  @Test("R4: a file that is no result stays, and the result is made beside it")
  func noResult() throws {
    let folder = try spool.layout.root.open(Path(Self.place))
    try folder.replaceFile("ppl-mix.json", with: Array("{".utf8))
    #expect(try found() == ["R4 left"])
    try EvaluatorTests.run(spool)
    #expect(try folder.read("ppl-mix.json") == Array("{".utf8))
    let beside = try folder.names().map(\.description).filter { $0.hasPrefix("ppl-mix@") && $0.hasSuffix(".json") }
    #expect(beside.count == 1)
  }
}
