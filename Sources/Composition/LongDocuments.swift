/// Long documents in parts that end where a paragraph does.
enum LongDocuments {
  /// Where to cut, in tokens from the beginning; each part has at most `limit`.
  /// A paragraph's end in the second half of the room is best, then a line's end there, then anywhere.
  static func cuts(_ tokens: [Int32], limit: Int, paragraphEnds: [Bool], lineEnds: [Bool]) -> [Int] {
    var cuts: [Int] = []
    var start = 0
    while tokens.count - start > limit {
      let room = (start + limit / 2)..<(start + limit)
      let last = last(in: room, of: tokens, paragraphEnds) ?? last(in: room, of: tokens, lineEnds)
      start = last.map { $0 + 1 } ?? start + limit
      cuts.append(start)
    }
    return cuts
  }

  private static func last(in room: Range<Int>, of tokens: [Int32], _ ends: [Bool]) -> Int? {
    room.reversed().first { ends[Int(tokens[$0])] }
  }

  /// Picks of at most `limit` tokens each.
  static func split(_ picks: [Selection.Pick], limit: Int, _ facts: any DocumentFacts) throws -> [Selection.Pick] {
    var parts: [Selection.Pick] = []
    parts.reserveCapacity(picks.count)
    var tokens: [Int32] = []
    let (paragraphEnds, lineEnds) = (facts.paragraphEnds, facts.lineEnds)
    for pick in picks {
      let piece = pick.piece
      if piece.count <= limit {
        parts.append(pick)
        continue
      }
      try facts.tokens(of: piece.ordinal, piece.start..<piece.start + piece.count, into: &tokens)
      let cuts = cuts(tokens, limit: limit, paragraphEnds: paragraphEnds, lineEnds: lineEnds)
      for (number, (from, to)) in zip([0] + cuts, cuts + [piece.count]).enumerated() {
        var part = pick
        part.part = number
        part.piece = Draw.Piece(
          ordinal: piece.ordinal, channel: piece.channel, start: piece.start + from, count: to - from, use: piece.use,
          isLast: to == piece.count && piece.isLast)
        parts.append(part)
      }
    }
    return parts
  }

  /// Parts of one document in the document's order, each at a place that one of them has: who reads on finds what comes
  /// next behind, and the last part says where a waiting tail begins.
  static func ordered(_ picks: [Selection.Pick]) -> [Selection.Pick] {
    var places: [UInt32: [Int]] = [:]
    let split = Set(picks.lazy.filter { $0.part > 0 }.map(\.piece.ordinal))
    if split.isEmpty { return picks }
    for (index, pick) in picks.enumerated() where split.contains(pick.piece.ordinal) {
      places[pick.piece.ordinal, default: []].append(index)
    }
    var ordered = picks
    for indices in places.values {
      for (place, index) in zip(indices, indices.sorted { picks[$0].part < picks[$1].part }) {
        ordered[place] = picks[index]
      }
    }
    return ordered
  }
}
