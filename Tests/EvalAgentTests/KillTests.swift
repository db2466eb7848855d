import Bytes
import EvalAgent
import Glibc
import Posix
import Spool
import Testing

/// Killed at every durable step in turn and started again: the files in the end are those of a run without kills.
@Suite struct KillTests {
  static func filled() throws -> TestSpool {
    let spool = try TestSpool()
    try spool.drop("ppl/mix.jsonl", EvaluatorTests.ppl)
    try spool.drop("probe/facts.jsonl", EvaluatorTests.probe)
    try spool.addCheckpoint("g0000/part-00000", tokens: 1000)
    return spool
  }

  @Test(arguments: [1, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 34, 38, 42])
  func aKilledEvaluatorLeavesNothingHalf(step: Int) async throws {
    let calm = try Self.filled()
    try EvaluatorTests.run(calm)
    let wanted = try calm.files("eval")
    let spool = try Self.filled()
    let path = spool.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      let layout = try SpoolLayout(Path(path))
      try Evaluator(
        layout: layout, settings: EvaluatorTests.settings, source: EvenSource(), quiet: 0, shouldStop: { false }
      ).run(untilIdle: true)
    }
    for (name, bytes) in try spool.files("eval/results") where !name.contains("/.") && name.hasSuffix(".json") {
      #expect(try JSONParser.parse(bytes)["scores"] != nil, "\(name) is whole")
    }
    try EvaluatorTests.run(spool)
    #expect(try spool.files("eval") == wanted)
  }
}
