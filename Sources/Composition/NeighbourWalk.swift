/// A way through documents from neighbour to neighbour (Shi et al. 2023, arXiv 2310.10638): from the least connected
/// one always to the nearest that is left, in clusters of at most so many documents.
struct NeighbourWalk {
  typealias Neighbour = NeighbourSearch.Neighbour

  /// Nearer than this they are the same text, nearly: such are not put beside each other.
  static let tooNear: Float = 0.99

  /// Clusters of positions, in the order of the walk.
  /// - Parameters:
  ///   - neighbours: `NeighbourSearch.kept` for each, the nearest first.
  ///   - most: documents of a cluster.
  static func clusters(_ neighbours: [Neighbour], most: Int) -> [[Int]] {
    let count = neighbours.count / NeighbourSearch.kept
    var isVisited = [Bool](repeating: false, count: count)
    var clusters: [[Int]] = []
    for start in byDegree(neighbours, count) where !isVisited[start] {
      isVisited[start] = true
      var cluster = [start]
      while cluster.count < most, let next = next(cluster[cluster.count - 1], neighbours, isVisited) {
        isVisited[next] = true
        cluster.append(next)
      }
      clusters.append(cluster)
    }
    return dissolve(clusters, neighbours, most, count)
  }

  private static func next(_ last: Int, _ neighbours: [Neighbour], _ isVisited: [Bool]) -> Int? {
    for place in last * NeighbourSearch.kept..<(last + 1) * NeighbourSearch.kept {
      let neighbour = neighbours[place]
      if neighbour.index < 0 { return nil }
      if !isVisited[Int(neighbour.index)], neighbour.similarity > 0, neighbour.similarity < tooNear {
        return Int(neighbour.index)
      }
    }
    return nil
  }

  /// Positions by how many others have them as a neighbour, the fewest first.
  private static func byDegree(_ neighbours: [Neighbour], _ count: Int) -> [Int] {
    var degree = [Int](repeating: 0, count: count)
    for neighbour in neighbours where neighbour.index >= 0 { degree[Int(neighbour.index)] += 1 }
    return (0..<count).sorted { degree[$0] != degree[$1] ? degree[$0] < degree[$1] : $0 < $1 }
  }

  /// A document that found no company goes behind its nearest neighbour, where there is room.
  private static func dissolve(_ clusters: [[Int]], _ neighbours: [Neighbour], _ most: Int, _ count: Int) -> [[Int]] {
    var clusters = clusters
    var home = [Int](repeating: 0, count: count)
    for (index, cluster) in clusters.enumerated() { for member in cluster { home[member] = index } }
    for index in clusters.indices where clusters[index].count == 1 {
      let alone = clusters[index][0]
      for place in alone * NeighbourSearch.kept..<(alone + 1) * NeighbourSearch.kept {
        let neighbour = neighbours[place]
        if neighbour.index < 0 || neighbour.similarity <= 0 { break }
        let target = home[Int(neighbour.index)]
        if neighbour.similarity >= tooNear || target == index || clusters[target].count < 2
          || clusters[target].count >= 2 * most
        {
          continue
        }
        let place = clusters[target].firstIndex(of: Int(neighbour.index))!
        clusters[target].insert(alone, at: place + 1)
        home[alone] = target
        clusters[index] = []
        break
      }
    }
    return clusters.filter { !$0.isEmpty }
  }
}
