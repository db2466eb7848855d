import TextModels

/// The thresholds that are chosen among: 0.50 to 1 in hundredths, as bits of a mask.
public enum ThresholdGrid {
  public static let count = 51
  /// All thresholds.
  static let all: UInt64 = 1 << UInt64(count) - 1

  public static func value(_ index: Int) -> Double { Double(50 + index) / 100 }

  /// The threshold at a value, which is one of the grid.
  public static func index(_ value: Double) -> Int? {
    let index = Int((value * 100).rounded()) - 50
    return (0..<count).contains(index) && ThresholdGrid.value(index) == value ? index : nil
  }

  /// Thresholds up to this similarity.
  static func upTo(_ similarity: Double) -> UInt64 {
    var index = min(count, max(0, Int(similarity * 100) - 49))
    // The product is rounded: what counts is the comparison that the deduplication makes.
    while index < count && value(index) <= similarity { index += 1 }
    while index > 0 && value(index - 1) > similarity { index -= 1 }
    return 1 << UInt64(index) - 1
  }

  /// Thresholds at which a pair with so many common bands is compared.
  static func compared(sharing shared: Int) -> UInt64 { comparedWith[min(shared, Sketch.bands)] }

  private static let comparedWith: [UInt64] = (0...Sketch.bands).map { shared in
    (0..<count).reduce(0) { mask, index in
      ThresholdTable.Threshold(value(index)).commonBands <= shared ? mask | 1 << UInt64(index) : mask
    }
  }
}
