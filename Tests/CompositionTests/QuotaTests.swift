import Phases
import Testing

@testable import Composition

@Suite struct QuotaTests {
  @Test(arguments: [
    (100, [4, 4, 2], [1000, 1000, 1000], [40, 40, 20]),
    // A dry channel gives what it has; the others share the rest as 4 : 2.
    (100, [4, 4, 2], [10, 1000, 1000], [10, 60, 30]),
    (100, [4, 4, 2], [10, 30, 1000], [10, 30, 60]),
    (100, [4, 4, 2], [1, 2, 3], [1, 2, 3]),
    (100, [1, 0, 0], [70, 70, 70], [70, 0, 0]),
    (0, [1, 1, 1], [5, 5, 5], [0, 0, 0]),
    (10, [1, 1, 1], [50, 50, 50], [4, 3, 3]),
  ])
  func waterFilling(total: Int, weights: [Int], limits: [Int], wanted: [Int]) {
    #expect(Mix.fill(total, weights: weights, limits: limits) == wanted)
  }

  @Test func creditMakesSharesExactOverManyBlocks() {
    let phase = Phase(mix: [.init("a", .weight(1)), .init("b", .weight(1)), .init("c", .weight(1))])
    let mix = Mix(phase, ["a", "b", "c"])
    var credit = MixCredit()
    var totals = [0, 0, 0]
    for block in 1...300 {
      let quotas = mix.quotas(100, [1000, 1000, 1000], credit)!
      #expect(quotas.tokens.reduce(0, +) == 100)
      credit = quotas.credit
      totals = zip(totals, quotas.tokens).map(+)
      for total in totals { #expect(abs(Double(total) - Double(block) * 100 / 3) < 1) }
    }
    #expect(totals == [10_000, 10_000, 10_000])
    #expect(MixCredit(json: credit.json) == credit)
  }

  @Test func allIsTakenFirstAndTheRestDivided() {
    let phase = Phase(mix: [.init("a", .weight(3)), .init("b", .weight(1)), .init("m", .all)])
    let mix = Mix(phase, ["a", "b", "m"])
    #expect(mix.quotas(100, [500, 500, 20], MixCredit())?.tokens == [60, 20, 20])
    #expect(mix.quotas(100, [500, 500, 500], MixCredit())?.tokens == [0, 0, 100])
    #expect(mix.quotas(100, [59, 500, 20], MixCredit()) == nil)
    let only = Mix(Phase(mix: [.init("m", .all)]), ["a", "b", "m"])
    #expect(only.quotas(100, [0, 0, 99], MixCredit()) == nil)
    #expect(only.quotas(100, [0, 0, 100], MixCredit())?.tokens == [0, 0, 100])
  }

  @Test func fractionalWeightsKeepTheirProportion() {
    let mix = Mix(
      Phase(mix: [.init("a", .weight(0.5)), .init("b", .weight(0.3)), .init("c", .weight(0.2))]), ["a", "b", "c"])
    #expect(mix.weights == [500_000, 300_000, 200_000])
    #expect(
      mix.quotas(1_000_000_000_000, [.max, .max, .max], MixCredit())?.tokens == [
        500_000_000_000, 300_000_000_000, 200_000_000_000,
      ])
  }
}
