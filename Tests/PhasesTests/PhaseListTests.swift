import Bytes
import Phases
import Settings
import Testing

private let channels = ["zh", "en", "code", "math", "instruct"]

private func decode(_ text: String) throws -> PhaseList {
  let tree = try SettingTree(Array(text.utf8), file: "pretraind.json5")
  return try PhaseList.decode(tree, channels: channels, PhaseDefaults(seqLen: 512, ropeTheta: 500_000))
}

@Suite struct PhaseListTests {
  @Test func withoutTheSectionThereIsOneOpenConstantPhase() throws {
    let list = try decode("{}")
    #expect(list.phases.count == 1)
    let phase = list.phases[0]
    #expect(phase.name == "main")
    #expect(phase.end == .open)
    #expect(phase.learningRate.decay == .constant)
    #expect(phase.mix == [.init("zh", .weight(4)), .init("en", .weight(4)), .init("code", .weight(2))])
    #expect(phase.seqLen == 512)
    #expect(phase.ropeTheta == 500_000)
  }

  @Test func everyKeyArrives() throws {
    let list = try decode(
      """
      { phases: [
        { name: 'warm', blocks: 3, warmup_steps: 10 },
        { name: "long", tokens: 7000, mix: {en: 1, math: "all"}, minimum_score: 0.5, order: "shuffle", seq_len: 4096,
          rope_theta: 1e6, document_mask: true, lr: "1-sqrt", lr_final: 0.05, warmup_tokens: 100 },
      ] }
      """)
    #expect(list.phases[0].end == .blocks(3))
    #expect(list.phases[0].learningRate.warmup == .steps(10))
    let wanted = Phase(
      name: "long", end: .tokens(7000), mix: [.init("en", .weight(1)), .init("math", .all)], minimumScore: 0.5,
      seqLen: 4096, ropeTheta: 1e6, documentMask: true,
      learningRate: LearningRateShape(warmup: .tokens(100), decay: .oneMinusSqrt, finalRatio: 0.05))
    #expect(list.phases[1] == wanted)
  }

  @Test(arguments: [
    ("{phases: [{seq_length: 1}]}", "did you mean 'phases.seq_len'"),
    ("{phases: [{mix: {zg: 1}}]}", "unknown channel 'zg'; did you mean 'zh'"),
    ("{phases: [{mix: {}}]}", "gives no channel a part"),
    ("{phases: [{mix: {zh: 0}}]}", "gives no channel a part"),
    ("{phases: [{mix: {zh: \"some\"}}]}", "mix.zh must be a weight"),
    ("{phases: [{mix: {zh: -1}}]}", "mix.zh must be a weight"),
    ("{phases: [{lr: \"cosin\", blocks: 2}]}", "did you mean 'cosine'"),
    ("{phases: [{lr: \"cosine\"}]}", "needs an end"),
    ("{phases: [{blocks: 1, tokens: 5}]}", "exclude each other"),
    ("{phases: [{warmup_steps: 1, warmup_tokens: 5}]}", "exclude each other"),
    ("{phases: [{order: \"shufle\"}]}", "did you mean 'shuffle'"),
    ("{phases: [{name: \"a\"}, {name: \"a\"}]}", "two phases are called 'a'"),
    ("{phases: []}", "a list of at least one table"),
    ("{phases: {name: \"a\"}}", "a list of at least one table"),
    ("{phases: [3]}", "must be a table"),
  ])
  func mistakesAreNamedWithTheirPlace(text: String, message: String) {
    do {
      _ = try decode(text)
      Issue.record("accepted: \(text)")
    } catch {
      #expect("\(error)".contains(message), "\(error)")
      #expect("\(error)".hasPrefix("pretraind.json5:1:"), "\(error)")
    }
  }
}
