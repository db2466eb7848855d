/// What documents are about, from their tokens alone: TF-IDF over token ids (weight (1 + ln tf) * ln((1 + n) /
/// (1 + df)) over the documents at hand), each id with a row of random signs (random projection: Achlioptas 2003).
struct TokenVectors {
  private let facts: any DocumentFacts
  private let rows: VectorTable
  private var weights: [Float]
  /// Stamps and counts by token id: which document it was seen in last, how often.
  private var stamps: [Int32]
  private var counts: [Int32]
  private var distinct: [Int32] = []
  private var tokens: [Int32] = []
  /// Tokens of a document that are looked at: the first ones say what it is about.
  private static let most = 4096
  /// 1 + ln of a count, 0 for 0.
  private let times = [0] + (1...most).map { Float(1 + DrawRace.logarithm(of: Double($0))) }

  init(_ facts: any DocumentFacts) {
    self.facts = facts
    rows = TokenVectors.signs(facts.vocabulary)
    weights = [Float](repeating: 0, count: facts.vocabulary)
    stamps = [Int32](repeating: -1, count: facts.vocabulary)
    counts = [Int32](repeating: 0, count: facts.vocabulary)
  }

  /// One vector a pick, not yet centred.
  static func make(_ picks: [Selection.Pick], _ facts: any DocumentFacts) throws -> VectorTable {
    var maker = TokenVectors(facts)
    try maker.weigh(picks)
    var table = VectorTable(count: picks.count)
    for (index, pick) in picks.enumerated() {
      try maker.count(pick.piece, stamp: Int32(picks.count + index))
      for token in maker.distinct {
        let times = maker.times[Int(maker.counts[Int(token)])]
        table.add(index, maker.rows, Int(token), weight: times * maker.weights[Int(token)])
      }
      table.normalize(index)
    }
    return table
  }

  /// How much a token tells, by how few documents have it.
  private mutating func weigh(_ picks: [Selection.Pick]) throws {
    var documents = [Int32](repeating: 0, count: weights.count)
    for (index, pick) in picks.enumerated() {
      try count(pick.piece, stamp: Int32(index))
      for token in distinct { documents[Int(token)] += 1 }
    }
    for token in weights.indices where documents[token] > 0 {
      weights[token] = Float(DrawRace.logarithm(of: Double(1 + picks.count) / Double(1 + documents[token])))
    }
  }

  /// Ids of a piece, each once, and how often each stands in it.
  private mutating func count(_ piece: Draw.Piece, stamp: Int32) throws {
    try facts.tokens(of: piece.ordinal, piece.start..<piece.start + min(TokenVectors.most, piece.count), into: &tokens)
    distinct.removeAll(keepingCapacity: true)
    for token in tokens {
      let id = Int(token)
      if stamps[id] == stamp {
        counts[id] += 1
      } else {
        stamps[id] = stamp
        counts[id] = 1
        distinct.append(token)
      }
    }
  }

  /// A row of 128 signs for each id.
  static func signs(_ count: Int) -> VectorTable {
    var table = VectorTable(count: count)
    var row = [VectorTable.Lane](repeating: .zero, count: VectorTable.lanes)
    for id in 0..<count {
      for half in 0..<2 {
        let bits = DrawHash.mix(UInt64(2 * id + half) &+ 0x9E37_79B9_7F4A_7C15)
        for bit in 0..<64 { row[4 * half + bit / 16][bit % 16] = bits >> UInt64(bit) & 1 == 1 ? 1 : -1 }
      }
      table.set(id, row)
    }
    return table
  }
}
