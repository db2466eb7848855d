import Bytes
import Composition
import Fixtures
import Phases
import Testing

/// `compose.min_gap_tokens`, inside blocks and across them.
@Suite struct SpacingTests {
  private static let phase = Phase(mix: [.init("zh", .weight(1))])

  /// The least distance of two uses of one identity over blocks in the order of their numbers.
  static func leastGap(_ blocks: [Draw], _ identity: (UInt32) -> UInt64) -> Int {
    var position = 0
    var ends: [UInt64: (end: Int, ordinal: UInt32, use: Int)] = [:]
    var least = Int.max
    for block in blocks.sorted(by: { $0.number < $1.number }) {
      for piece in block.pieces {
        let name = identity(piece.ordinal)
        // Parts of one use are no repeats, wherever they stand.
        if let last = ends[name], last.ordinal != piece.ordinal || last.use != piece.use {
          least = min(least, position - last.end)
        }
        position += piece.count
        ends[name] = (position, piece.ordinal, piece.use)
      }
    }
    return least
  }

  @Test("Repeats are at least the gap apart, whatever the block size", arguments: [0, 500, 1000, 1700])
  func repeats(gap: Int) throws {
    let supply = Sample.documents(240, seed: 41)
    let composer = Sample.composer(supply) {
      $0.maxUses = 4
      $0.minGapTokens = gap
      $0.blockTokens = 400
    }
    let total = composer.available(Self.phase)[0]
    let blocks = Sample.draws(composer, Self.phase, 0..<100)
    #expect(blocks.count >= 3 * total / 400)
    #expect(blocks.flatMap(\.pieces).map(\.use).max()! == 4)
    let least = Self.leastGap(blocks) { UInt64($0) }
    #expect(least >= gap, "\(least)")
    if gap == 0 { #expect(least < 500, "without the rule they come nearer: \(least)") }
  }

  @Test func documentsOfOneClusterAreKeptApartLikeRepeats() throws {
    var supply = Sample.documents(600, seed: 42)
    for index in supply.indices where index % 2 == 0 { supply[index].cluster = UInt64(index / 10 + 1) }
    func cluster(_ ordinal: UInt32) -> UInt64 {
      supply[Int(ordinal)].cluster > 0 ? supply[Int(ordinal)].cluster : 1 << 40 | UInt64(ordinal)
    }
    func least(_ gap: Int) -> (gap: Int, pieces: Int) {
      let composer = Sample.composer(supply) {
        $0.minGapTokens = gap
        $0.blockTokens = 300
      }
      let blocks = Sample.draws(composer, Self.phase, 0..<100)
      return (Self.leastGap(blocks, cluster), blocks.reduce(0) { $0 + $1.pieces.count { $0.start == 0 } })
    }
    #expect(least(0).gap < 700)
    let kept = least(700)
    #expect(kept.gap >= 700 && kept.pieces > 150, "\(kept)")
  }

  @Test func theChoiceDoesNotDependOnTheOrderOfArrival() {
    var supply = Sample.documents(600, seed: 43)
    for index in supply.indices { supply[index].cluster = UInt64(index % 50) }
    var random = SeededRandom(44)
    let shuffled = supply.shuffled(using: &random)
    func blocks(_ supply: [Supply]) -> [Draw] {
      let composer = Sample.composer(supply) {
        $0.minGapTokens = 900
        $0.blockTokens = 200
        $0.maxUses = 2
      }
      return Sample.draws(composer, Self.phase, 0..<30)
    }
    #expect(blocks(supply).count > 5)
    #expect(blocks(supply) == blocks(shuffled))
  }

  @Test func aRestartKnowsWhereDocumentsStood() throws {
    let supply = Sample.documents(240, seed: 45)
    func fresh() -> Composer {
      Sample.composer(supply) {
        $0.maxUses = 4
        $0.minGapTokens = 1500
        $0.blockTokens = 400
      }
    }
    let old = fresh()
    let blocks = Sample.draws(old, Self.phase, 0..<9)
    let new = fresh()
    Self.restore(new, blocks, supply, old.credit)
    #expect(new.available(Self.phase) == old.available(Self.phase))
    #expect(new.draw(number: 9, phase: Self.phase) == old.draw(number: 9, phase: Self.phase))
  }

  @Test func aBlockThatIsDrawnAnewKeepsAwayFromTheOneAfterItToo() throws {
    let supply = Sample.documents(900, seed: 46)
    let composer = Sample.composer(supply) {
      $0.maxUses = 4
      $0.minGapTokens = 1200
      $0.blockTokens = 300
    }
    var blocks = Sample.draws(composer, Self.phase, 0..<10)
    let credit = composer.credit
    let gone = blocks.remove(at: 6)
    for document in supply { composer.add(document) }
    Self.restore(composer, blocks, supply, credit)
    let again = try #require(composer.draw(number: 6, phase: Self.phase))
    #expect(Self.leastGap(blocks + [again]) { UInt64($0) } >= 1200)
    #expect(again.pieces != gone.pieces)
  }

  static func restore(_ composer: Composer, _ blocks: [Draw], _ supply: [Supply], _ credit: MixCredit) {
    var uses: [UInt32: Int] = [:]
    var tails: [UInt32: Int] = [:]
    for piece in blocks.flatMap(\.pieces) {
      if piece.start == 0 { uses[piece.ordinal, default: 0] += 1 }
      tails[piece.ordinal] =
        piece.start + piece.count < supply[Int(piece.ordinal)].tokens ? piece.start + piece.count : 0
    }
    composer.restore(
      uses: uses, tails: tails, credit: credit,
      past: blocks.map { Composer.PastBlock(number: $0.number, pieces: $0.pieces.map { ($0.ordinal, $0.count) }) })
  }
}
