/// Ranges of a text, ascending and apart, asked about in logarithmic time: a hostile text may have very many.
struct SortedRanges {
  let ranges: [Range<Int>]
  /// Bytes in all ranges before each.
  private let before: [Int]

  init(_ ranges: [Range<Int>]) {
    self.ranges = ranges
    var sum = 0
    before = ranges.map { range in
      defer { sum += range.count }
      return sum
    }
  }

  /// Ascending ranges, those that touch or overlap made one.
  init(merging ranges: [Range<Int>]) {
    var merged: [Range<Int>] = []
    for range in ranges {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.init(merged)
  }

  /// The first range that ends behind `place`.
  private func first(endingBehind place: Int) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func overlaps(_ range: Range<Int>) -> Bool {
    let index = first(endingBehind: range.lowerBound)
    return index < ranges.count && ranges[index].overlaps(range)
  }

  func covers(_ range: Range<Int>) -> Bool {
    let index = first(endingBehind: range.lowerBound)
    return index < ranges.count && ranges[index].lowerBound <= range.lowerBound
      && range.upperBound <= ranges[index].upperBound
  }

  /// Bytes of all ranges that end at `place` or before.
  func bytes(before place: Int) -> Int {
    let index = first(endingBehind: place)
    return index == 0 ? 0 : before[index - 1] + ranges[index - 1].count
  }
}
