import Bytes
import CKernels

/// What a piece of text is compared by when it has to be equal but for case, width, spaces and punctuation.
public struct MatchKey: Equatable, Sendable {
  /// 128 bits of the matching form.
  public let key: Identifier
  /// Words and single ideographs.
  public let units: Int

  /// nil for a text of nothing but spaces and punctuation.
  public init?(_ text: UnsafeBufferPointer<UInt8>) {
    var scan = ck_shingle_begin()
    var units = 0
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: ShingleStream.chunk) { buffer in
      var count: Int
      repeat {
        count = ck_shingle_units(
          text.baseAddress, text.count, &scan, ShingleClasses.prose, 0, buffer.baseAddress!, ShingleStream.chunk)
        units += count
      } while count == ShingleStream.chunk
    }
    if scan.seen == 0 { return nil }
    key = Identifier(high: scan.high, low: scan.low)
    self.units = units
  }
}
