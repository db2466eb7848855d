/// The nearest of each of some vectors, approximately: about sqrt(n) lists around means, the vectors of the nearest few
/// lists looked at (an inverted file: Jegou et al. 2011).
struct NeighbourSearch {
  struct Neighbour: Equatable {
    var index: Int32
    var similarity: Float
  }

  /// Neighbours kept for each.
  static let kept = 10
  /// Lists looked at.
  private static let probes = 4
  private static let rounds = 4
  /// Vectors of a list that its mean is made of.
  private static let sample = 32

  /// `kept` neighbours for each member, the nearest first; -1 where there are fewer.
  static func neighbours(_ table: VectorTable, _ members: [Int]) -> [Neighbour] {
    let lists = max(1, Int(Double(members.count).squareRoot()))
    let means = means(table, members, lists)
    let order = assign(table, members, means)
    return search(table, order, means, members.count)
  }

  /// Means that documents gather around, from an even sample.
  private static func means(_ table: VectorTable, _ members: [Int], _ lists: Int) -> VectorTable {
    var means = VectorTable(count: lists)
    for list in 0..<lists {
      let member = members[list * members.count / lists]
      means.set(list, Array(table.values[member * VectorTable.lanes..<(member + 1) * VectorTable.lanes]))
    }
    let size = min(members.count, lists * sample)
    let chosen = (0..<size).map { members[$0 * members.count / size] }
    for _ in 0..<rounds where lists > 1 {
      var sums = VectorTable(count: lists)
      for member in chosen { sums.add(nearest(means, table, member, 1)[0], table, member, weight: 1) }
      for list in 0..<lists where sums.dot(list, list) > 0 {
        sums.normalize(list)
        means.set(list, Array(sums.values[list * VectorTable.lanes..<(list + 1) * VectorTable.lanes]))
      }
    }
    return means
  }

  /// The lists a vector is nearest to, the nearest first.
  private static func nearest(_ means: VectorTable, _ table: VectorTable, _ member: Int, _ count: Int) -> [Int] {
    var best = [Neighbour](repeating: Neighbour(index: -1, similarity: -.infinity), count: min(count, means.count))
    means.values.withUnsafeBufferPointer { means in
      table.values.withUnsafeBufferPointer { values in
        best.withUnsafeMutableBufferPointer { best in
          let own = values.baseAddress! + member * VectorTable.lanes
          for list in 0..<means.count / VectorTable.lanes {
            let similarity = VectorTable.dot(own, means.baseAddress! + list * VectorTable.lanes)
            insert(Neighbour(index: Int32(list), similarity: similarity), best)
          }
        }
      }
    }
    return best.map { Int($0.index) }
  }

  private struct Lists {
    /// Positions in `members`, list after list.
    var order: [Int32] = []
    var starts: [Int] = []
    /// By position in `members`: the lists to look at.
    var probes: [Int32] = []
    var vectors: VectorTable
  }

  private static func assign(_ table: VectorTable, _ members: [Int], _ means: VectorTable) -> Lists {
    let width = min(probes, means.count)
    var lists = Lists(vectors: VectorTable(count: members.count))
    lists.probes.reserveCapacity(members.count * width)
    for member in members { lists.probes += nearest(means, table, member, width).map { Int32($0) } }
    var starts = [Int](repeating: 0, count: means.count + 1)
    for position in members.indices { starts[Int(lists.probes[position * width]) + 1] += 1 }
    for list in 0..<means.count { starts[list + 1] += starts[list] }
    lists.starts = starts
    lists.order = [Int32](repeating: 0, count: members.count)
    for position in members.indices {
      let list = Int(lists.probes[position * width])
      lists.order[starts[list]] = Int32(position)
      starts[list] += 1
    }
    for (place, position) in lists.order.enumerated() {
      let member = members[Int(position)]
      lists.vectors.set(place, Array(table.values[member * VectorTable.lanes..<(member + 1) * VectorTable.lanes]))
    }
    return lists
  }

  private static func search(_ table: VectorTable, _ lists: Lists, _ means: VectorTable, _ count: Int) -> [Neighbour] {
    let width = min(probes, means.count)
    var found = [Neighbour](repeating: Neighbour(index: -1, similarity: -.infinity), count: count * kept)
    found.withUnsafeMutableBufferPointer { found in
      lists.vectors.values.withUnsafeBufferPointer { vectors in
        // List after list: those that are looked at are still in the cache.
        for (place, position) in lists.order.enumerated() {
          let own = vectors.baseAddress! + place * VectorTable.lanes
          let best = UnsafeMutableBufferPointer(rebasing: found[Int(position) * kept..<(Int(position) + 1) * kept])
          for probe in 0..<width {
            let list = Int(lists.probes[Int(position) * width + probe])
            for other in lists.starts[list]..<lists.starts[list + 1] where other != place {
              let similarity = VectorTable.dot(own, vectors.baseAddress! + other * VectorTable.lanes)
              if similarity > best[kept - 1].similarity {
                insert(Neighbour(index: lists.order[other], similarity: similarity), best)
              }
            }
          }
        }
      }
    }
    return found
  }

  /// Puts a neighbour in its place; of equal ones the one that came first stays before.
  private static func insert(_ new: Neighbour, _ best: UnsafeMutableBufferPointer<Neighbour>) {
    var place = best.count - 1
    if new.similarity <= best[place].similarity { return }
    while place > 0, best[place - 1].similarity < new.similarity {
      best[place] = best[place - 1]
      place -= 1
    }
    best[place] = new
  }
}
