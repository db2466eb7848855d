import Bytes

/// Documents that are about the same beside each other, a cluster after the other in the order of a hash: so a window
/// has company for what it holds, and windows in a row differ.
struct SemanticOrder {
  /// Documents of a cluster at most.
  let cluster: Int
  let hash: DrawHash

  /// - Parameter picks: in shuffled order.
  func order(_ picks: [Selection.Pick], _ facts: any DocumentFacts) throws -> [Selection.Pick] {
    var table = try vectors(picks, facts)
    var clusters: [(hash: UInt64, members: [Int])] = []
    for channel in Set(picks.map(\.piece.channel)).sorted() {
      let members = picks.indices.filter { picks[$0].piece.channel == channel }
      table.centre(members)
      let neighbours = NeighbourSearch.neighbours(table, members)
      for positions in NeighbourWalk.clusters(neighbours, most: cluster) {
        let first = picks[members[positions[0]]]
        clusters.append((hash(first.placeKey), positions.map { members[$0] }))
      }
    }
    clusters.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.members[0] < $1.members[0] }
    return clusters.flatMap { $0.members.map { picks[$0] } }
  }

  private func vectors(_ picks: [Selection.Pick], _ facts: any DocumentFacts) throws -> VectorTable {
    guard let outside = try facts.embeddings(of: picks.map(\.piece.ordinal)) else {
      return try TokenVectors.make(picks, facts)
    }
    // Vectors of any length keep their angles, nearly, when each number goes with a row of random signs.
    let rows = TokenVectors.signs(outside.map(\.count).max() ?? 0)
    var table = VectorTable(count: picks.count)
    for (index, vector) in outside.enumerated() {
      for (row, value) in vector.enumerated() { table.add(index, rows, row, weight: value) }
      table.normalize(index)
    }
    return table
  }
}
