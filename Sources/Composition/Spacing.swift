/// Where in the stream of blocks documents stood that may come again, so that repeats, and documents of one cluster,
/// are at least `gap` tokens apart. A document either may stand anywhere in a block or nowhere.
struct Spacing {
  private struct Sighting {
    let number: Int
    /// First token in the block and the one behind its last.
    let start: Int
    let end: Int
  }

  let gap: Int
  private var tokens: [Int: Int] = [:]
  private var sightings: [UInt64: [Sighting]] = [:]
  /// The block that is next, its place in the stream and how far the blocks are from it.
  private var next = 0
  private var nextStart = 0
  private var starts: [Int: Int] = [:]

  init(gap: Int) { self.gap = gap }

  mutating func forget() {
    tokens = [:]
    sightings = [:]
    aim(at: 0)
  }

  mutating func note(block number: Int, tokens count: Int) { tokens[number] = count }

  mutating func saw(_ identity: UInt64, block number: Int, _ range: Range<Int>) {
    sightings[identity, default: []].append(Sighting(number: number, start: range.lowerBound, end: range.upperBound))
  }

  /// Says which block is drawn next: the lowest number that no block has.
  mutating func aim(at number: Int) {
    next = number
    starts = [:]
    var position = 0
    nextStart = 0
    for (number, count) in tokens.sorted(by: { $0.key < $1.key }) {
      starts[number] = position
      position += count
      if number < next { nextStart = position }
    }
    // What lies far behind keeps nothing back any more, as long as no block is taken back: then all is told anew.
    for (identity, seen) in sightings where !seen.contains(where: isNear) { sightings[identity] = nil }
  }

  /// True when it must not be in the next block.
  func rests(_ identity: UInt64) -> Bool { sightings[identity]?.contains(where: isNear) ?? false }

  private func isNear(_ sighting: Sighting) -> Bool {
    guard let start = starts[sighting.number] else { return false }
    // Of a later block, which is there when a withdrawn one is drawn anew, the beginning counts.
    if sighting.number >= next { return start + sighting.start - nextStart < gap }
    return nextStart - (start + sighting.end) < gap
  }
}
