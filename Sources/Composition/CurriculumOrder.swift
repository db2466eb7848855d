import Bytes

/// From easy to hard, in bands: each band has its share of every channel's tokens, and inside a band the order is by
/// hash, so that the mix is the same from the first token to the last.
struct CurriculumOrder {
  let bands: Int
  let hash: DrawHash

  /// - Parameter values: of each pick, rising is harder; one without a number stands in the middle.
  func order(_ picks: [Selection.Pick], by values: [Float]) -> [Selection.Pick] {
    var band = [Int](repeating: 0, count: picks.count)
    let hashes = picks.map { hash($0.key) }
    for channel in Set(picks.map(\.piece.channel)) {
      let members = picks.indices.filter { picks[$0].piece.channel == channel }
      let known = members.filter { !values[$0].isNaN }.sorted { a, b in
        values[a] != values[b] ? values[a] < values[b] : isBefore(a, b, picks, hashes)
      }
      let unknown = members.filter { values[$0].isNaN }.sorted { isBefore($0, $1, picks, hashes) }
      let half = known.count / 2
      let total = members.reduce(0) { $0 + picks[$1].piece.count }
      var before = 0
      for index in known[..<half] + unknown + known[half...] {
        band[index] = before * bands / total
        before += picks[index].piece.count
      }
    }
    return picks.indices.sorted { a, b in
      band[a] != band[b] ? band[a] < band[b] : isBefore(a, b, picks, hashes)
    }.map { picks[$0] }
  }

  private func isBefore(_ a: Int, _ b: Int, _ picks: [Selection.Pick], _ hashes: [UInt64]) -> Bool {
    if hashes[a] != hashes[b] { return hashes[a] < hashes[b] }
    return (picks[a].key, picks[a].piece.ordinal, picks[a].part) < (picks[b].key, picks[b].piece.ordinal, picks[b].part)
  }

  /// What a phase's `curriculum` means: the name and whether it falls.
  static func key(_ text: String) -> (name: String, falls: Bool) {
    text.hasPrefix("-") ? (String(text.dropFirst()), true) : (text, false)
  }
}
