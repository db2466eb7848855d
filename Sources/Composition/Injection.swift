import Bytes

/// Documents of some sources that stand in every block, one every so many tokens, in turn, however often used.
struct Injection {
  struct Rule: Equatable {
    let source: String
    let every: Int
  }

  struct Placed {
    /// It stands at the first boundary of a document from this token on.
    let position: Int
    let piece: Draw.Piece
  }

  let rules: [Rule]
  /// By rule, in order of key.
  private var documents: [[Supply]]

  init(_ rules: [Rule]) {
    self.rules = rules
    documents = rules.map { _ in [] }
  }

  /// "identity=1000000"; nil when it is not of this form.
  static func rule(_ text: String) -> Rule? {
    let sides = text.split(separator: "=")
    guard sides.count == 2, let every = Int(sides[1]), every >= 1000 else { return nil }
    return Rule(source: String(sides[0]), every: every)
  }

  /// False when its source is not one of these.
  mutating func insert(_ supply: Supply) -> Bool {
    guard let rule = rules.firstIndex(where: { $0.source == supply.source }) else { return false }
    remove(supply.ordinal)
    let place = documents[rule].firstIndex { (supply.key, supply.ordinal) < ($0.key, $0.ordinal) }
    documents[rule].insert(supply, at: place ?? documents[rule].count)
    return true
  }

  mutating func remove(_ ordinal: UInt32) {
    for rule in documents.indices { documents[rule].removeAll { $0.ordinal == ordinal } }
  }

  mutating func setUses(_ uses: [UInt32: Int]) {
    for rule in documents.indices {
      for index in documents[rule].indices { documents[rule][index].uses = uses[documents[rule][index].ordinal] ?? 0 }
    }
  }

  mutating func count(_ ordinal: UInt32) {
    for rule in documents.indices {
      for index in documents[rule].indices where documents[rule][index].ordinal == ordinal {
        documents[rule][index].uses += 1
      }
    }
  }

  /// What stands in block `number`, rising by position; at most half of the block.
  func pieces(_ number: Int, blockTokens: Int) -> [Placed] {
    var placed: [Placed] = []
    var room = blockTokens / 2
    for (rule, documents) in zip(rules, documents) where !documents.isEmpty {
      let times = blockTokens / rule.every
      var uses = documents.map(\.uses)
      for time in 0..<times {
        // Each block goes on where the one before it ended.
        let index = (number * times + time) % documents.count
        let document = documents[index]
        if document.tokens > room { continue }
        room -= document.tokens
        uses[index] += 1
        placed.append(
          Placed(
            position: time * rule.every + rule.every / 2,
            piece: Draw.Piece(
              ordinal: document.ordinal, channel: document.channel, start: 0, count: document.tokens, use: uses[index],
              isLast: true)))
      }
    }
    return placed.sorted { ($0.position, $0.piece.ordinal) < ($1.position, $1.piece.ordinal) }
  }

  /// The pieces with the injected ones between them.
  static func merge(_ pieces: [Draw.Piece], _ placed: [Placed]) -> [Draw.Piece] {
    if placed.isEmpty { return pieces }
    var merged: [Draw.Piece] = []
    merged.reserveCapacity(pieces.count + placed.count)
    var position = 0
    var next = 0
    func add(_ piece: Draw.Piece) {
      merged.append(piece)
      position += piece.count
    }
    for piece in pieces {
      while next < placed.count, placed[next].position <= position {
        add(placed[next].piece)
        next += 1
      }
      add(piece)
    }
    for last in placed[next...] { add(last.piece) }
    return merged
  }
}
