import CKernels

/// The matching form of a text as units: words, case and width folded, and single ideographs, each a hash whose lowest
/// bit is 1 for a word. Punctuation, symbols and spaces are not seen, so what differs by them alone has the same units.
public enum MatchUnits {
  /// Classes of the code points below 0x10000, as `ck_match_units` wants them.
  public static let classes: [UInt32] = ShingleClasses.prose.map {
    $0 & 3 == 0 ? 0 : $0 == ShingleClasses.ignored ? 1 : $0
  }

  /// All units of a text.
  public static func of(_ text: [UInt8]) -> [UInt64] { located(text).units }

  /// All units with the bytes where each stands. For texts below 4 GiB.
  public static func located(_ text: [UInt8]) -> (units: [UInt64], ranges: [Range<Int>]) {
    var units = [UInt64](repeating: 0, count: text.count)
    var spans = [ck_match_span](repeating: ck_match_span(), count: text.count)
    var at = 0
    let count = text.withUnsafeBufferPointer { text in
      ck_match_units(text.baseAddress, text.count, &at, classes, &units, &spans, text.count)
    }
    return (Array(units[..<count]), spans[..<count].map { Int($0.start)..<Int($0.end) })
  }
}
