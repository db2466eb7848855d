import Composition
import Phases
import Testing

/// Mixes by source, genre and score band; what phases say of block size, uses and length.
@Suite struct NarrowedMixTests {
  private static func entry(_ channel: String, _ weight: Double, _ condition: MixCondition = MixCondition())
    -> Phase.MixEntry
  {
    Phase.MixEntry(channel, .weight(weight), condition)
  }

  @Test("Each entry of a mix has its share, and a document counts for the first narrowed one that it fits")
  func shares() throws {
    let supply = Sample.documents(9000, seed: 31)
    let composer = Sample.composer(supply)
    let phase = Phase(
      mix: [
        Self.entry("zh", 4), Self.entry("zh", 2, MixCondition(source: "wiki")),
        Self.entry("zh", 1, MixCondition(genre: "book", scoreFrom: 0.5)),
        Self.entry("en", 3, MixCondition(scoreFrom: 0.2, scoreBelow: 0.4)),
      ])
    var totals = [0, 0, 0, 0]
    for draw in Sample.draws(composer, phase, 0..<30) {
      var counts = [0, 0, 0, 0]
      for piece in draw.pieces {
        let document = supply[Int(piece.ordinal)]
        switch (document.channel, document.source, document.genre) {
        case (0, "wiki", _): counts[1] += piece.count
        case (0, _, 2) where document.score >= 0.5: counts[2] += piece.count
        case (0, _, _): counts[0] += piece.count
        default:
          #expect(document.channel == 1 && document.score >= 0.2 && document.score < 0.4)
          counts[3] += piece.count
        }
      }
      #expect(counts == [400, 200, 100, 300])
      totals = zip(totals, counts).map(+)
    }
    #expect(totals[0] == 12_000)
    let names = composer.outlook(phase).map(\.name)
    #expect(names == ["zh", "zh source=wiki", "zh genre=book score=0.5..", "en score=0.2..0.4"])
  }

  @Test func anUnknownGenreHasNoDocuments() {
    let composer = Sample.composer(Sample.documents(3000, seed: 32))
    let phase = Phase(mix: [Self.entry("zh", 1, MixCondition(genre: "opera"))])
    #expect(composer.available(phase) == composer.available(Phase(mix: [Self.entry("zh", 1)])))
    #expect(!composer.canCompose(phase))
  }

  @Test("A phase has blocks of its own size and its own number of uses")
  func ofItsOwn() throws {
    var phase = Phase(mix: [Self.entry("zh", 1)])
    phase.blockTokens = 300
    phase.maxUses = 2
    let composer = Sample.composer(Sample.documents(60, seed: 33), mostUses: 2)
    let all = composer.drawable[0]
    let blocks = Sample.draws(composer, phase, 0..<100)
    #expect(blocks.allSatisfy { $0.tokens == 300 })
    #expect(blocks.count == 2 * all / 300)
    #expect(composer.available(Phase(mix: [Self.entry("zh", 1)]))[0] < 60, "others keep to one use")
  }

  @Test func longDocumentsAreTakenFirstWhereTheyArePreferred() throws {
    let supply = Sample.documents(900, seed: 34)
    var phase = Phase(mix: [Self.entry("en", 1)])
    phase.preferTokens = 50
    let draw = try #require(Sample.composer(supply).draw(number: 0, phase: phase))
    let long = supply.filter { $0.channel == 1 && $0.tokens >= 50 }
    let lengths = draw.pieces.map { supply[Int($0.ordinal)].tokens }
    #expect(long.reduce(0) { $0 + $1.tokens } > 1000 && lengths.allSatisfy { $0 >= 50 })
    let plain = try #require(Sample.composer(supply).draw(number: 0, phase: Phase(mix: phase.mix)))
    #expect(plain.pieces.contains { supply[Int($0.ordinal)].tokens < 50 })
  }

  @Test("A part that runs dry: what there is, and who takes its share")
  func dry() throws {
    let supply = Sample.documents(300, seed: 35)
    for policy in DryPolicy.allCases {
      let composer = Sample.composer(supply) {
        $0.whenDry = policy.rawValue
        $0.maxUses = 2
        $0.blockTokens = 4000
      }
      let phase = Phase(mix: [Self.entry("zh", 3), Self.entry("en", 1), Self.entry("code", 1)])
      let available = composer.available(phase)
      let outlook = composer.outlook(phase)
      #expect(outlook.map(\.perBlock) == [2400, 800, 800])
      #expect(outlook.map(\.blocksLeft) == [available[0] / 2400, available[1] / 800, available[2] / 800])
      let blocks = Sample.draws(composer, phase, 0..<20)
      let most = blocks.flatMap(\.pieces).map(\.use).max()
      #expect(most == (policy == .wait ? 1 : 2))
      #expect(blocks.allSatisfy { !$0.rebalanced })
      #expect(composer.canRebalance(phase) == (policy == .rebalance))
      let number = blocks.count
      if policy == .rebalance {
        let draw = try #require(composer.draw(number: number, phase: phase, rebalance: true))
        #expect(draw.rebalanced && !draw.short && draw.tokens == 4000)
        #expect(draw.tokensPerChannel[0] == composer.available(phase)[0])
        #expect(abs(draw.tokensPerChannel[1] - draw.tokensPerChannel[2]) <= 1)
      } else {
        #expect(composer.draw(number: number, phase: phase) == nil)
      }
    }
  }
}
