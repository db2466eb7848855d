import Bytes
import EvalAgent
import Glibc
import Posix
import Spool
import Testing
import Training

@Suite struct EvaluatorTests {
  static let ppl = "{\"text\":\"one text\",\"channel\":\"en\"}\n{\"text\":\"一段文字\",\"channel\":\"zh\"}\n"
  static let probe = "{\"prompt\":\"a\",\"target\":\"b\"}\n"
  static let benchmark = """
    {"question":"q","choices":["x","y"],"answer":"A"}
    {"question":"r","choices":["x","y"],"answer":1}

    """

  static var settings: EvaluateSettings {
    var settings = EvaluateSettings()
    settings.rescanSeconds = 0.05
    settings.nice = 0
    return settings
  }

  static func run(_ spool: TestSpool, _ settings: EvaluateSettings = settings, _ source: EvenSource = EvenSource())
    throws
  {
    try Evaluator(layout: spool.layout, settings: settings, source: source, quiet: 0, shouldStop: { false })
      .run(untilIdle: true)
  }

  static func filled() throws -> TestSpool {
    let spool = try TestSpool()
    try spool.drop("ppl/mix.jsonl", ppl)
    try spool.drop("probe/facts.jsonl", probe)
    try spool.drop("benchmark/quiz.jsonl", benchmark)
    try spool.drop("benchmark/quiz.json5", "{shots: 1}")
    try spool.addCheckpoint("g0000/init", tokens: 0)
    try spool.addCheckpoint("g0000/part-00000", tokens: 1000)
    try spool.addCheckpoint("g0000/part-00001", tokens: 2000)
    try spool.addCheckpoint("g0000/auto-0000150-000001", tokens: 1500)
    try spool.addCheckpoint("g0001/save-0000180-000002", tokens: 1800)
    // Not committed yet.
    _ = try spool.layout.checkpoints.make("g0000/part-00002")
    return spool
  }

  static func resultNames(_ spool: TestSpool) throws -> [String] {
    try spool.files("eval/results").keys.filter { $0.hasSuffix(".json") }.map {
      String($0.dropFirst("eval/results/".count))
    }.sorted()
  }

  @Test func everyCheckpointThatStaysGetsEveryResult() throws {
    let spool = try Self.filled()
    try Self.run(spool)
    let wanted = ["g0000-part-00000", "g0000-part-00001", "g0001-save-0000180-000002"].flatMap { label in
      ["benchmark-quiz", "ppl-mix", "probe-facts"].map { "\(label)/\($0).json" }
    }
    #expect(try Self.resultNames(spool) == wanted)
    let result = try spool.json("eval/results/g0000-part-00001/ppl-mix.json")
    #expect(result["kind"]?.string == "ppl" && result["suite"]?.string == "mix" && result["model"]?.string == "even")
    #expect(result["suite_sha256"]?.string == Digest.hex(Digest.sha256(Array(Self.ppl.utf8))))
    #expect(result["checkpoint"]?.string == "g0000/part-00001" && result["tokens"]?.integer == 2000)
    #expect(result["scores"]?["loss"]?.number == 6)
    #expect(result["results"]?["mix"]?["bits_per_byte,none"]?.number == result["scores"]?["bits_per_byte"]?.number)
    let quiz = try spool.json("eval/results/g0000-part-00001/benchmark-quiz.json")
    #expect(quiz["results"]?["quiz"]?["acc,none"]?.number == quiz["scores"]?["none"]?["strict"]?["accuracy"]?.number)
    #expect(quiz["n-shot"]?["quiz"]?.integer == 1)
    let details = try spool.text("eval/results/g0000-part-00001/\(result["details"]?.string ?? "")")
    #expect(details.split(separator: "\n").count == 2)
    #expect(try spool.layout.results.status("latest").kind == .symbolicLink)
    #expect(try Directory(spool.layout.results.path / "latest").names().contains("ppl-mix.json"))
    #expect(try spool.json("status/evaluator.json")["done"]?.integer == 9)
  }

  @Test func trendsAreSortedByTokens() throws {
    let spool = try Self.filled()
    try Self.run(spool)
    let rows = try spool.text("eval/trends/ppl-mix.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows[0].prefix(6) == ["tokens", "lineage", "step", "checkpoint", "suite_sha256", "loss"])
    #expect(rows.dropFirst().map { $0[0] } == ["1000", "1800", "2000"])
    #expect(rows.dropFirst().map { $0[1] } == ["0", "1", "0"])
    #expect(rows[3][5] == "6")
    #expect(rows[0].contains("channels.zh.bits_per_byte"))
  }

  @Test func aSecondRunChangesNothing() throws {
    let spool = try Self.filled()
    try Self.run(spool)
    let before = try spool.files("eval")
    let inode = try spool.layout.results.status("g0000-part-00000/ppl-mix.json").inode
    try Self.run(spool)
    #expect(try spool.files("eval") == before)
    #expect(try spool.layout.results.status("g0000-part-00000/ppl-mix.json").inode == inode)
  }

  @Test func aBrokenSuiteIsReportedAndBlocksNothing() throws {
    let spool = try Self.filled()
    try spool.drop("ppl/bad.jsonl", "{\"text\":\"a\"}\n{\"txt\":\"b\"}\n")
    try Self.run(spool)
    #expect(try Self.resultNames(spool).count == 9)
    let error = try spool.json("eval/suites/ppl/bad.error.json")
    #expect(error["line"]?.integer == 2 && error["file"]?.string == "ppl/bad.jsonl")
    #expect(try spool.json("status/evaluator.json")["broken"]?["ppl/bad"]?["line"]?.integer == 2)
    try spool.drop("ppl/bad.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n")
    try Self.run(spool)
    #expect(!spool.layout.suites.exists("ppl/bad.error.json"))
    #expect(try Self.resultNames(spool).count == 12)
  }

  @Test func aChangedSuiteGetsResultsBesideTheOldOnes() throws {
    let spool = try Self.filled()
    try Self.run(spool)
    let old = try spool.text("eval/results/g0000-part-00000/ppl-mix.json")
    let changed = Self.ppl + "{\"text\":\"third\"}\n"
    try spool.drop("ppl/mix.jsonl", changed)
    try Self.run(spool)
    let sha = Digest.hex(Digest.sha256(Array(changed.utf8)))
    #expect(try spool.text("eval/results/g0000-part-00000/ppl-mix.json") == old)
    let new = try spool.json("eval/results/g0000-part-00000/ppl-mix@\(sha.prefix(8)).json")
    #expect(new["suite_sha256"]?.string == sha && new["scores"]?["texts"]?.integer == 3)
    #expect(try spool.text("eval/trends/ppl-mix.csv").split(separator: "\n").count == 7)
  }

  @Test func settingsChooseCheckpointsAndSuites() throws {
    let spool = try Self.filled()
    var settings = Self.settings
    settings.every = 2
    settings.checkpoints = ["init", "part"]
    settings.suites = ["probe"]
    try Self.run(spool, settings)
    #expect(try Self.resultNames(spool) == ["g0000-init/probe-facts.json", "g0000-part-00000/probe-facts.json"])
  }

  @Test func aDamagedCheckpointIsGivenUpWithItsReason() throws {
    let spool = try Self.filled()
    try Self.run(spool, Self.settings, EvenSource(damaged: ["g0000/part-00000"]))
    #expect(try Self.resultNames(spool).count == 6)
    let failed = try spool.json("status/evaluator.json")["failed"]?.array ?? []
    #expect(failed.count == 3 && failed.allSatisfy { $0["attempts"]?.integer == 3 })
    #expect(failed.first?["reason"]?.string == "the weights are damaged")
  }

  @Test func aCheckpointThatGoesMeanwhileIsSkipped() throws {
    let spool = try Self.filled()
    let path = spool.layout.checkpoints.path
    let source = EvenSource { record in
      if record.reference.text == "g0000/part-00001" { try? Directory(path).removeAll("g0000/part-00001") }
    }
    try Self.run(spool, Self.settings, source)
    #expect(try Self.resultNames(spool).count == 6)
    #expect(try spool.json("status/evaluator.json")["failed"]?.array?.isEmpty == true)
  }

  @Test func aSecondEvaluatorIsRefused() throws {
    let spool = try TestSpool()
    let first = try Evaluator(layout: spool.layout, settings: Self.settings, source: EvenSource(), shouldStop: { true })
    #expect(throws: Lease.Failure.self) {
      try Evaluator(layout: spool.layout, settings: Self.settings, source: EvenSource())
    }
    try first.run()
  }

  @Test func evalRequestsAreAnswered() throws {
    let spool = try Self.filled()
    var settings = Self.settings
    settings.checkpoints = []
    try spool.layout.control.replaceFile("eval.one", with: Array("checkpoint=g0000/init\nsuite=ppl/mix\n".utf8))
    try spool.layout.control.replaceFile("eval.wrong", with: Array("checkpoint=part-00009\n".utf8))
    try spool.layout.control.replaceFile("eval.clock", with: Array("checkpoint=g0000/auto-0000150-000001\n".utf8))
    try spool.layout.control.replaceFile("eval.suite", with: Array("suite=nothing\n".utf8))
    try Self.run(spool, settings)
    #expect(try Self.resultNames(spool) == ["g0000-init/ppl-mix.json"])
    func answer(_ name: String) throws -> JSONValue {
      try JSONParser.parse(try Directory(spool.layout.acknowledgements.path).readThrough("last-\(name).json"))
    }
    #expect(try answer("eval.one")["state"]?.string == "done")
    #expect(try answer("eval.one")["checkpoint"]?.string == "g0000/init")
    #expect(try answer("eval.wrong")["state"]?.string == "rejected")
    #expect(try answer("eval.clock")["message"]?.string?.contains("made by the clock") == true)
    #expect(try answer("eval.suite")["message"]?.string?.contains("ppl/mix") == true)
  }

  @Test("a suite that is still being written when it is asked for is waited for, not unknown")
  func aSuiteBeingDroppedIsWaitedFor() throws {
    let spool = try Self.filled()
    var settings = Self.settings
    settings.checkpoints = []
    try spool.layout.control.replaceFile("eval", with: Array("checkpoint=g0000/init\nsuite=probe/facts\n".utf8))
    let writer = Glibc.open(spool.layout.suites.path.description + "/probe/facts.jsonl", O_WRONLY)
    #expect(writer >= 0)
    var looks = 0
    try Evaluator(
      layout: spool.layout, settings: settings, source: EvenSource(), quiet: 0,
      shouldStop: {
        looks += 1
        if looks == 3 { close(writer) }
        return looks > 200
      }
    ).run(untilIdle: true)
    let answer = try JSONParser.parse(try Directory(spool.layout.acknowledgements.path).readThrough("last-eval.json"))
    #expect(answer["state"]?.string == "done")
    #expect(try Self.resultNames(spool) == ["g0000-init/probe-facts.json"])
  }

  @Test func itDoesNotEndWhileATrainerWorks() throws {
    let spool = try Self.filled()
    let lease = try Lease("trainer", in: spool.layout, process: 1)
    let start = Clock.monotonic()
    try Evaluator(
      layout: spool.layout, settings: Self.settings, source: EvenSource(), quiet: 0,
      shouldStop: { Clock.monotonic() - start > 0.5 }
    ).run(untilIdle: true)
    #expect(Clock.monotonic() - start > 0.5)
    #expect(lease.isCurrent)
    try spool.layout.status.replaceFile("trainer.json", with: Array("{\"state\":\"done\"}".utf8))
    try Self.run(spool)
  }
}

extension Directory {
  /// Reads a file that a link of this folder points at.
  func readThrough(_ name: String) throws -> [UInt8] {
    guard let file = fopen("\(path)/\(name)", "r") else { throw SystemError("open", Path(name)) }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }
}
