import Bytes
import Phases
import Testing

@Suite struct PhaseScheduleTests {
  private let list = PhaseList([
    Phase(name: "first", end: .blocks(2)), Phase(name: "second", end: .tokens(2500)), Phase(name: "main"),
    Phase(name: "anneal", end: .blocks(2), learningRate: LearningRateShape(decay: .linear, finalRatio: 0)),
  ])

  @Test(arguments: [
    (0, "first", 0), (1, "first", 0), (2, "second", 2), (4, "second", 2), (5, "main", 5), (999, "main", 5),
  ])
  func blocksFallIntoPhases(number: Int, name: String, first: Int) {
    let place = list.phase(forBlock: number, blockTokens: 1000)
    #expect(place?.phase.name == name)
    #expect(place?.firstBlock == first)
  }

  @Test func annealBeginsWhereItWasAskedForAndEnds() {
    #expect(list.phase(forBlock: 6, blockTokens: 1000, annealAt: 7)?.phase.name == "main")
    #expect(list.phase(forBlock: 7, blockTokens: 1000, annealAt: 7)?.phase.name == "anneal")
    #expect(list.phase(forBlock: 8, blockTokens: 1000, annealAt: 7)?.firstBlock == 7)
    #expect(list.phase(forBlock: 9, blockTokens: 1000, annealAt: 7) == nil)
    #expect(PhaseList().annealIndex == nil)
  }

  @Test func tokensFindTheSamePhase() {
    #expect(list.phase(atTokens: 1999, blockTokens: 1000)?.phase.name == "first")
    #expect(list.phase(atTokens: 2000, blockTokens: 1000)?.phase.name == "second")
  }

  @Test func theLastPhaseWithAnEndEndsTheRun() {
    let short = PhaseList([Phase(end: .blocks(1))])
    #expect(short.phase(forBlock: 0, blockTokens: 10) != nil)
    #expect(short.phase(forBlock: 1, blockTokens: 10) == nil)
  }

  @Test(arguments: [
    (LearningRateShape.Decay.constant, 1.0, 1.0), (.cosine, 0.55, 0.1), (.linear, 0.55, 0.1),
    (.oneMinusSqrt, 0.1 + 0.9 * (1 - 0.5.squareRoot()), 0.1), (.step, 1.0, 0.1),
  ])
  func shapesMeetTheirMiddleAndEnd(decay: LearningRateShape.Decay, middle: Double, end: Double) {
    let shape = LearningRateShape(decay: decay, finalRatio: 0.1)
    #expect(shape.factor(tokens: 0, step: 0, phaseTokens: 1000) == 1)
    #expect(abs(shape.factor(tokens: 500, step: 5, phaseTokens: 1000) - middle) < 1e-12)
    #expect(abs(shape.factor(tokens: 1000, step: 10, phaseTokens: 1000) - end) < 1e-12)
  }

  @Test func warmupRisesToOne() {
    let steps = LearningRateShape(warmup: .steps(9))
    #expect(abs(steps.factor(tokens: 0, step: 0, phaseTokens: 0) - 0.1) < 1e-12)
    #expect(steps.factor(tokens: 0, step: 9, phaseTokens: 0) == 1)
    let tokens = LearningRateShape(warmup: .tokens(100), decay: .linear, finalRatio: 0)
    #expect(tokens.factor(tokens: 50, step: 0, phaseTokens: 1100) == 0.5)
    #expect(tokens.factor(tokens: 600, step: 0, phaseTokens: 1100) == 0.5)
  }
}

@Suite struct PhaseResolvedTests {
  private let phase = Phase(
    name: "long", end: .tokens(7000), mix: [.init("en", .weight(0.7)), .init("math", .all)], minimumScore: 0.5,
    seqLen: 4096, ropeTheta: 1e6, documentMask: true,
    learningRate: LearningRateShape(warmup: .tokens(100), decay: .oneMinusSqrt, finalRatio: 0.05))

  @Test func comesBackFromTheManifest() throws {
    for phase in [phase, Phase(), Phase(end: .blocks(3), learningRate: LearningRateShape(warmup: .steps(3)))] {
      let text = JSONWriter.pretty(phase.resolved)
      #expect(try Phase(resolved: JSONParser.parse(text)) == phase)
    }
  }

  @Test func hashIsOfTheMeaningNotOfTheOrder() {
    var other = phase
    other.mix.reverse()
    #expect(other.hash == phase.hash)
    #expect(phase.hash.count == 64)
    other.seqLen += 1
    #expect(other.hash != phase.hash)
  }

  @Test func anEditedManifestIsRefused() throws {
    let text = String(decoding: JSONWriter.compact(phase.resolved), as: UTF8.self)
    let edited = text.split(separator: "4096").joined(separator: "4097")
    let value = try JSONParser.parse(Array(edited.utf8))
    #expect(throws: PhaseError.self) { try Phase(resolved: value) }
    #expect(throws: PhaseError.self) { try Phase(resolved: .object([])) }
  }
}
