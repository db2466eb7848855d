import Bytes
import Composition
import Fixtures
import Phases
import Testing

/// Two hundred blocks with everything on, begun anew after every thirty: what each must hold.
@Suite struct LongRunTests {
  @Test("Shares, uses and gap over 200 blocks, the same with and without restarts", arguments: [71] as [UInt64])
  func twoHundredBlocks(seed: UInt64) throws {
    var supply = Sample.documents(21_000, seed: seed, longest: 120)
    for index in supply.indices where index % 4 == 0 { supply[index].cluster = UInt64(index / 24 + 1) }
    let phase = Phase(
      mix: [
        .init("zh", .weight(3)), .init("zh", .weight(1), MixCondition(source: "wiki")), .init("en", .weight(4)),
        .init("code", .weight(2)),
      ], minimumScore: 0.1)
    func fresh() -> Composer {
      Sample.composer(supply) {
        $0.maxUses = 3
        $0.minGapTokens = 12_000
        $0.blockTokens = 5003
        $0.inject = ["creed=2500"]
      }
    }
    for index in [3, 7] { supply[index].source = "creed" }
    let blocks = Sample.draws(fresh(), phase, 0..<200)
    try #require(blocks.count == 200)
    var uses: [UInt32: Int] = [:]
    var totals = [0.0, 0, 0]
    var injected = 0
    for block in blocks {
      #expect(block.tokens == 5003 && block.pieces.reduce(0) { $0 + $1.count } == 5003)
      let drawn = block.pieces.filter { supply[Int($0.ordinal)].source != "creed" }
      let size = drawn.reduce(0) { $0 + $1.count }
      injected += 5003 - size
      for (channel, share) in [0.4, 0.4, 0.2].enumerated() {
        let tokens = drawn.reduce(0) { $0 + (Int($1.channel) == channel ? $1.count : 0) }
        #expect(abs(Double(tokens) - share * Double(size)) <= 2)
        totals[channel] += Double(tokens)
      }
      #expect(Set(drawn.map(\.ordinal)).count == drawn.count)
      for piece in drawn where piece.start == 0 { uses[piece.ordinal, default: 0] += 1 }
      #expect(drawn.allSatisfy { supply[Int($0.ordinal)].score >= 0.1 })
    }
    #expect(injected > 0 && uses.values.max()! <= 3 && uses.values.contains(2))
    for (total, share) in zip(totals, [0.4, 0.4, 0.2]) {
      #expect(abs(total / totals.reduce(0, +) - share) < 0.0001)
    }
    let least = SpacingTests.leastGap(blocks.map { $0 }) { ordinal in
      let document = supply[Int(ordinal)]
      if document.source == "creed" { return UInt64.random(in: .min ... .max) }
      return document.cluster > 0 ? document.cluster << 8 | UInt64(document.channel) : 1 << 50 | UInt64(ordinal)
    }
    #expect(least >= 12_000, "seed \(seed)")
    var again: [Draw] = []
    while again.count < 200 {
      let composer = fresh()
      if !again.isEmpty { SpacingTests.restore(composer, again, supply, again.last!.credit) }
      again += Sample.draws(composer, phase, again.count..<min(200, again.count + 30))
    }
    #expect(again == blocks)
  }
}
