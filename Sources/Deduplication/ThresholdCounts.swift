/// Tokens that every threshold of a grid would leave: the curve from which one is chosen that leaves what is wanted.
public struct ThresholdCounts: Equatable, Sendable {
  /// By `ThresholdGrid` index.
  public private(set) var tokens = [Int](repeating: 0, count: ThresholdGrid.count)
  public private(set) var documents = [Int](repeating: 0, count: ThresholdGrid.count)

  public init() {}

  /// Adds a document that is kept at these thresholds.
  mutating func add(_ tokens: Int, keptAt mask: UInt64) {
    for index in 0..<ThresholdGrid.count {
      let isKept = Int(mask >> UInt64(index) & 1)
      self.tokens[index] += tokens * isKept
      documents[index] += isKept
    }
  }

  public mutating func add(_ other: ThresholdCounts) {
    for index in 0..<ThresholdGrid.count {
      tokens[index] += other.tokens[index]
      documents[index] += other.documents[index]
    }
  }

  /// The lowest threshold that leaves at least `wanted` tokens; the highest when none does.
  public func lowest(leaving wanted: Int) -> Int {
    tokens.firstIndex { $0 >= wanted } ?? ThresholdGrid.count - 1
  }
}
