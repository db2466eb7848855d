/// From which count on a new pair is worth keeping.
///
/// Only as many merges are left as the vocabulary has room for, and nearly all pairs that merging makes are rarer than
/// the last pair that will be merged: keeping them would be most of the work. So the least count rises as pairs come
/// in, to where twice as many are kept as merges are left. When the best pair kept falls below it nevertheless, the
/// pairs have to be counted again from the words (`PairMerging.recount`): the merges never depend on it.
struct PairThreshold {
  /// Below this no pair is ever merged.
  let minimum: Int64
  private(set) var least: Int64
  private let spare: Int

  /// - Parameter spare: pairs kept at least, above twice the merges left.
  init(minimum: Int64, spare: Int = 1024) {
    self.minimum = minimum
    self.spare = spare
    least = minimum
  }

  var isRaised: Bool { least > minimum }

  /// Looks again at the counts of `number` pairs, with `left` merges to come.
  mutating func raise(left: Int, of number: Int, counts: ((Int64) -> Void) -> Void) {
    let wanted = max(1, left * 2 + spare)
    if number < wanted { return }
    // Four classes for each doubling of the count.
    var kept = [Int](repeating: 0, count: 256)
    kept.withUnsafeMutableBufferPointer { kept in counts { kept[Self.level($0)] &+= 1 } }
    var above = 0
    for level in kept.indices.reversed() {
      above += kept[level]
      if above >= wanted {
        least = max(least, Self.lowest(level))
        return
      }
    }
  }

  /// Everything is kept again.
  mutating func reset() { least = minimum }

  static func level(_ count: Int64) -> Int {
    if count < 4 { return Int(max(0, count)) }
    let power = 63 - count.leadingZeroBitCount
    return power << 2 | Int(count >> Int64(power - 2)) & 3
  }

  /// The least count of a level.
  static func lowest(_ level: Int) -> Int64 {
    level < 8 ? Int64(min(level, 4)) : Int64(4 | level & 3) << Int64(level >> 2 - 2)
  }
}
