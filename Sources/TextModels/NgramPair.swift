/// Two models asked about the same n-grams in one pass: their rows lie side by side, so that each is fetched once.
public struct NgramPair: Sendable {
  private let first: NgramModel
  private let second: NgramModel
  private let table: [Int8]
  /// Of each model; both together are what the kernel takes at once.
  private static let lanes = 8

  /// nil where the rows of the two do not go together.
  public init?(_ first: NgramModel?, _ second: NgramModel?) {
    guard let first, let second, first.bits == second.bits,
      first.lanes == NgramPair.lanes, second.lanes == NgramPair.lanes
    else { return nil }
    self.first = first
    self.second = second
    let lanes = NgramPair.lanes
    table = [Int8](unsafeUninitializedCapacity: 2 * lanes << first.bits) { rows, count in
      for (index, part) in [first.table, second.table].enumerated() {
        part.withUnsafeBytes { part in
          for row in 0..<(1 << first.bits) {
            let weights = part.loadUnaligned(fromByteOffset: row * lanes, as: UInt64.self)
            UnsafeMutableRawPointer(rows.baseAddress! + (2 * row + index) * lanes).storeBytes(
              of: weights, as: UInt64.self)
          }
        }
      }
      count = rows.count
    }
  }

  /// What `margins` of each model gives.
  public func margins(
    _ text: UnsafeBufferPointer<UInt8>, spans: [Range<Int>], facts holding: [Int]
  ) -> (first: [Float], second: [Float]) {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 2 * NgramPair.lanes) { sums in
      sums.initialize(repeating: 0)
      let found = NgramModel.sum(text, spans, table, first.bits, lanes: 2 * NgramPair.lanes, into: sums)
      let parts = UnsafeBufferPointer(sums)
      return (
        first.margins(UnsafeBufferPointer(rebasing: parts[..<NgramPair.lanes]), found, holding),
        second.margins(UnsafeBufferPointer(rebasing: parts[NgramPair.lanes...]), found, holding)
      )
    }
  }
}
