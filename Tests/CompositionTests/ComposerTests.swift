import Bytes
import Composition
import Fixtures
import Phases
import Testing

private let channels = ["zh", "en", "code"]

private func documents(_ count: Int, seed: UInt64, longest: Int = 60) -> [Supply] {
  var random = SeededRandom(seed)
  return (0..<count).map { ordinal in
    Supply(
      ordinal: UInt32(ordinal), channel: UInt8(ordinal % 3), tokens: Int.random(in: 1...longest, using: &random),
      score: Float.random(in: 0...1, using: &random), key: Identifier(high: random.next(), low: random.next()))
  }
}

private func composer(_ blockTokens: Int, maxUses: Int = 1, _ supply: [Supply]) -> Composer {
  var settings = ComposeSettings()
  settings.blockTokens = blockTokens
  settings.maxUses = maxUses
  settings.seed = 7
  let composer = Composer(settings: settings, channels: channels)
  for document in supply { composer.add(document) }
  return composer
}

private func draws(_ composer: Composer, _ phase: Phase, _ count: Int) -> [Draw] {
  (0..<count).compactMap { number in
    guard let draw = composer.draw(number: number, phase: phase) else { return nil }
    composer.commit(draw)
    return draw
  }
}

@Suite struct ComposerTests {
  @Test func twoHundredBlocksKeepTheMixAndUseNothingTwice() {
    let supply = documents(12_000, seed: 1)
    let blocks = draws(composer(1001, supply), Phase(), 200)
    #expect(blocks.count == 200)
    var totals = [0, 0, 0]
    var taken: [UInt32: Int] = [:]
    for block in blocks {
      #expect(block.tokens == 1001)
      #expect(block.pieces.reduce(0) { $0 + $1.count } == 1001)
      let shares = [0.4, 0.4, 0.2]
      for (channel, tokens) in block.tokensPerChannel.enumerated() {
        #expect(abs(Double(tokens) - shares[channel] * 1001) <= 1.001)
        totals[channel] += tokens
      }
      for piece in block.pieces {
        #expect(taken[piece.ordinal, default: 0] == piece.start)
        taken[piece.ordinal, default: 0] += piece.count
        #expect(piece.isLast == (taken[piece.ordinal] == supply[Int(piece.ordinal)].tokens))
      }
      #expect(Set(block.pieces.map(\.ordinal)).count == block.pieces.count)
      #expect(block.pieces.count { !$0.isLast } <= 3)
    }
    for (total, share) in zip(totals, [0.4, 0.4, 0.2]) {
      #expect(abs(Double(total) / (200 * 1001) - share) <= 0.00001)
    }
  }

  @Test func sameInputSameDrawsInAnyOrderOfArrival() {
    let supply = documents(3000, seed: 2)
    var random = SeededRandom(3)
    let first = draws(composer(2000, supply), Phase(), 20)
    let second = draws(composer(2000, supply.shuffled(using: &random)), Phase(), 20)
    #expect(first.count == 20)
    #expect(first == second)
  }

  @Test func anotherSeedOrNumberIsAnotherOrder() {
    let supply = documents(3000, seed: 4)
    let composer = composer(2000, supply)
    let first = composer.draw(number: 0, phase: Phase())!
    #expect(composer.draw(number: 0, phase: Phase()) == first)
    #expect(composer.draw(number: 1, phase: Phase())!.pieces != first.pieces)
  }

  @Test func aCutDocumentOpensItsChannelsNextDraw() {
    let long = Supply(ordinal: 9, channel: 0, tokens: 250, score: 1, key: Identifier(high: 1, low: 1))
    let composer = composer(100, [long])
    let phase = Phase(mix: [.init("zh", .weight(1))])
    let blocks = draws(composer, phase, 3)
    #expect(blocks.map { $0.pieces[0].start } == [0, 100])
    #expect(blocks.map { $0.pieces[0].isLast } == [false, false])
    #expect(blocks.map(\.continuations) == [0, 1])
    #expect(composer.available(phase) == [50, 0, 0])
    #expect(composer.missing(phase) == [50, 0, 0])
    let last = composer.draw(number: 2, phase: phase, short: true)!
    #expect(last.short)
    #expect(last.pieces == [.init(ordinal: 9, channel: 0, start: 200, count: 50, use: 1, isLast: true)])
    composer.commit(last)
    #expect(composer.count == 0)
    #expect(composer.draw(number: 3, phase: phase, short: true) == nil)
  }

  @Test func aShortBlockRedistributes() {
    let supply = [
      Supply(ordinal: 0, channel: 0, tokens: 10, score: 0, key: Identifier(high: 0, low: 1)),
      Supply(ordinal: 1, channel: 1, tokens: 500, score: 0, key: Identifier(high: 0, low: 2)),
      Supply(ordinal: 2, channel: 2, tokens: 500, score: 0, key: Identifier(high: 0, low: 3)),
    ]
    let composer = composer(100, supply)
    #expect(!composer.canCompose(Phase()))
    #expect(composer.draw(number: 0, phase: Phase()) == nil)
    let draw = composer.draw(number: 0, phase: Phase(), short: true)!
    #expect(draw.tokensPerChannel == [10, 60, 30])
    #expect(draw.short)
  }

  @Test func usedDocumentsComeAfterFreshOnes() {
    let supply = documents(300, seed: 5, longest: 20)
    let composer = composer(600, maxUses: 3, supply)
    let blocks = draws(composer, Phase(mix: [.init("zh", .weight(1))]), 4)
    #expect(blocks.count == 4)
    #expect(blocks[0].uses.count == 2)
    var seen: [UInt32: Int] = [:]
    let fresh = Set(supply.filter { $0.channel == 0 }.map(\.ordinal))
    for block in blocks {
      let before = seen
      for piece in block.pieces where piece.start == 0 {
        #expect(piece.use == before[piece.ordinal, default: 0] + 1)
        seen[piece.ordinal] = piece.use
      }
      if block.uses.count > 2 { #expect(Set(seen.keys) == fresh) }
    }
    #expect(seen.values.max()! > 1)
    #expect(seen.values.max()! <= 3)
  }

  /// What a folder says of its documents goes before the configuration, both ways.
  @Test(arguments: [1, 3])
  func eachDocumentHasItsOwnNumberOfUses(_ usual: Int) {
    var supply = documents(90, seed: 12, longest: 20)
    for index in supply.indices { supply[index].maxUses = [0, 1, 2, 5][index / 3 % 4] }
    let composer = composer(100, maxUses: usual, supply)
    let phase = Phase(mix: [.init("zh", .weight(1))])
    var uses: [UInt32: Int] = [:]
    for block in draws(composer, phase, 100) {
      #expect(Set(block.pieces.map(\.ordinal)).count == block.pieces.count)
      for piece in block.pieces where piece.start == 0 { uses[piece.ordinal, default: 0] += 1 }
    }
    let short = composer.draw(number: 100, phase: phase, short: true)
    for piece in short?.pieces ?? [] where piece.start == 0 { uses[piece.ordinal, default: 0] += 1 }
    for document in supply where document.channel == 0 {
      let most = document.maxUses == 0 ? usual : document.maxUses
      let found = uses[document.ordinal] ?? 0
      // The documents with most uses end alone, and never come twice in one block.
      #expect(most < 5 ? found == most : (1...5).contains(found), "\(found) of \(most)")
    }
    #expect(uses.values.contains { $0 > 3 })
  }

  @Test func availableTokensFollowEveryChange() {
    var random = SeededRandom(6)
    let supply = documents(600, seed: 7)
    let composer = composer(500, supply)
    let strict = Phase(minimumScore: 0.5)
    var present = supply
    for number in 0..<8 {
      for _ in 0..<20 { composer.remove(present.remove(at: Int.random(in: 0..<present.count, using: &random)).ordinal) }
      guard let draw = composer.draw(number: number, phase: strict) else { break }
      for piece in draw.pieces { #expect(supply[Int(piece.ordinal)].score >= 0.5) }
      composer.commit(draw)
      for piece in draw.pieces {
        let index = present.firstIndex { $0.ordinal == piece.ordinal }!
        if piece.isLast { present.remove(at: index) } else { present[index].start = piece.start + piece.count }
      }
      for phase in [strict, Phase()] {
        var wanted = [0, 0, 0]
        for document in present where document.score >= Float(phase.minimumScore) {
          wanted[Int(document.channel)] += document.tokens - document.start
        }
        #expect(composer.available(phase) == wanted)
      }
    }
  }

  @Test func aRebuiltPoolGoesOnAsTheOldOne() {
    let supply = documents(3000, seed: 8)
    let old = composer(1000, maxUses: 2, supply)
    var uses: [UInt32: Int] = [:]
    var tails: [UInt32: Int] = [:]
    for draw in draws(old, Phase(), 5) {
      for piece in draw.pieces {
        uses[piece.ordinal] = piece.use
        tails[piece.ordinal] = piece.isLast ? nil : piece.start + piece.count
      }
    }
    let new = composer(1000, maxUses: 2, supply.reversed())
    new.restore(uses: uses, tails: tails, credit: old.credit)
    #expect(new.available(Phase()) == old.available(Phase()))
    #expect(new.draw(number: 5, phase: Phase()) == old.draw(number: 5, phase: Phase()))
  }

  @Test func aWithdrawnBlockGivesItsDocumentsBack() {
    let supply = documents(1000, seed: 9)
    let composer = composer(1000, supply)
    let first = composer.draw(number: 0, phase: Phase())!
    composer.commit(first)
    for piece in first.pieces { composer.add(supply[Int(piece.ordinal)]) }
    composer.restore(uses: [:], tails: [:], credit: MixCredit())
    #expect(composer.draw(number: 0, phase: Phase()) == first)
  }
}
