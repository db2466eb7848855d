import Bytes
import Composition
import Fixtures
import Phases
import Testing

/// The order of a block: splitting, `curriculum`, `semantic`.
@Suite struct OrderTests {
  private static func arranged(
    _ supply: [Supply], _ phase: Phase, _ facts: SampleFacts, _ change: (inout ComposeSettings) -> Void
  ) throws -> (plain: Draw, arranged: Draw, composer: Composer) {
    let composer = Sample.composer(supply, change)
    let draw = try #require(composer.draw(number: 0, phase: phase))
    return (draw, try composer.arranged(draw, phase, facts), composer)
  }

  @Test func shuffleIsWhatTheDrawHasAlready() throws {
    let (plain, arranged, _) = try Self.arranged(Sample.documents(900, seed: 61), Phase(), SampleFacts()) { _ in }
    #expect(plain == arranged)
  }

  @Test func longDocumentsAreSplitWhereAParagraphEnds() throws {
    let supply = [
      Supply(ordinal: 0, channel: 0, tokens: 730, score: 1, key: Identifier(high: 5, low: 1)),
      Supply(ordinal: 1, channel: 0, tokens: 190, score: 1, key: Identifier(high: 6, low: 2)),
      Supply(ordinal: 2, channel: 0, tokens: 2000, score: 1, key: Identifier(high: 7, low: 3)),
    ]
    let phase = Phase(mix: [.init("zh", .weight(1))])
    let (plain, split, composer) = try Self.arranged(supply, phase, SampleFacts()) {
      $0.splitTokens = 120
      $0.blockTokens = 1000
    }
    var positions: [UInt32: Int] = [:]
    for piece in plain.pieces { positions[piece.ordinal] = piece.start }
    #expect(split.pieces.count > plain.pieces.count && split.tokens == 1000)
    for piece in split.pieces {
      #expect(piece.count <= 120)
      // In the document's order, nothing twice, nothing left out.
      #expect(piece.start == positions[piece.ordinal])
      positions[piece.ordinal] = piece.start + piece.count
      let end = piece.start + piece.count
      let isCut = !plain.pieces.contains { $0.ordinal == piece.ordinal && $0.start + $0.count == end }
      #expect(!isCut || end % 50 == 0, "paragraphs end every 50 tokens")
    }
    for piece in plain.pieces { #expect(positions[piece.ordinal] == piece.start + piece.count) }
    composer.commit(split)
    let left = supply.reduce(0) { $0 + $1.tokens } - 1000
    #expect(composer.available(phase)[0] == left)
    let next = try #require(composer.draw(number: 1, phase: phase))
    #expect(next.continuations == 1)
  }

  @Test(
    "A curriculum rises in every channel, and the mix is the same throughout",
    arguments: ["length", "-score", "perplexity"])
  func curriculum(_ by: String) throws {
    let supply = Sample.documents(6000, seed: 62)
    let facts = SampleFacts()
    for document in supply where document.ordinal % 7 > 0 { facts.values[document.ordinal] = 1 / document.score }
    var phase = Phase()
    phase.order = .curriculum
    phase.curriculum = by
    let (plain, arranged, _) = try Self.arranged(supply, phase, facts) {
      $0.blockTokens = 50_000
      $0.curriculumBands = 5
    }
    func key(_ piece: Draw.Piece) -> Int { Int(piece.ordinal) }
    #expect(arranged.pieces.sorted { key($0) < key($1) } == plain.pieces.sorted { key($0) < key($1) })
    #expect(arranged.pieces != plain.pieces)
    var position = 0
    var values = [[Double]](repeating: [], count: 5)
    var code = [Double](repeating: 0, count: 5)
    for piece in arranged.pieces {
      let band = position * 5 / 50_000
      let document = supply[Int(piece.ordinal)]
      let value: Double? =
        switch by {
        case "length": Double(piece.count)
        case "-score": -Double(document.score)
        default: facts.values[piece.ordinal].map { -1 / Double($0) }
        }
      if let value { values[band].append(value) }
      if document.channel == 2 { code[band] += Double(piece.count) }
      position += piece.count
    }
    let means = values.map { $0.reduce(0, +) / Double($0.count) }
    #expect(zip(means, means.dropFirst()).allSatisfy { $0 < $1 }, "\(means)")
    for share in code { #expect(abs(share / 10_000 - 0.2) < 0.02, "\(code)") }
  }

  @Test func semanticOrderPutsDocumentsAboutTheSameBesideEachOther() throws {
    let subjects = 40
    let supply = Sample.documents(3000, seed: 63, longest: 200).map { document in
      var long = document
      long.tokens += 60
      return long
    }
    let facts = SampleFacts { Int($0) / 3 % subjects }
    var phase = Phase()
    phase.order = .semantic
    let (plain, arranged, composer) = try Self.arranged(supply, phase, facts) { $0.blockTokens = 150_000 }
    func key(_ piece: Draw.Piece) -> Int { Int(piece.ordinal) }
    #expect(arranged.pieces.sorted { key($0) < key($1) } == plain.pieces.sorted { key($0) < key($1) })
    func together(_ pieces: [Draw.Piece]) -> Double {
      let pairs = zip(pieces, pieces.dropFirst())
      let same = pairs.count { facts.subjectOf($0.ordinal, subjects) == facts.subjectOf($1.ordinal, subjects) }
      return Double(same) / Double(pieces.count - 1)
    }
    #expect(together(plain.pieces) < 0.06)
    #expect(together(arranged.pieces) > 0.6, "\(together(arranged.pieces))")
    // Runs of one channel end with their cluster.
    var run = 0
    var longest = 0
    for (a, b) in zip(arranged.pieces, arranged.pieces.dropFirst()) {
      run =
        a.channel == b.channel && facts.subjectOf(a.ordinal, subjects) == facts.subjectOf(b.ordinal, subjects)
        ? run + 1 : 0
      longest = max(longest, run)
    }
    #expect(longest < 3 * 42)
    #expect(try composer.arranged(plain, phase, facts) == arranged)
  }
}

extension SampleFacts {
  func subjectOf(_ ordinal: UInt32, _ subjects: Int) -> Int { Int(ordinal) / 3 % subjects }
}
