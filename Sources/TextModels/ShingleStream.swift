import Bytes
import CKernels

/// The shingle hashes of a text, chunk by chunk, in bounded memory.
///
/// Which shingle ends at a unit depends only on the units before it, never on the position in the text: if the last
/// `wordLength` units are words it is those, else the last `ideographLength` units when an ideograph is among them.
/// So an edit touches only the shingles that reach over it, in mixed text too.
struct ShingleStream {
  /// Units at a time: two buffers of them stay in the first-level cache.
  static let chunk = 1024
  /// Units of the chunk before, kept in front so that shingles reach over the boundary.
  private static let carried = 16
  /// Scratch a caller hands to `next`.
  static let scratch = chunk + carried

  private let rule: ShingleRule
  private var scan = ck_shingle_begin()
  private var before = 0
  private var isAtEnd = false

  init(_ rule: ShingleRule) { self.rule = rule }

  /// Key of the whole matching form, valid once `next` has returned nil.
  var exactKey: Identifier { Identifier(high: scan.high, low: scan.low) }
  /// The text holds nothing but separators.
  var isEmpty: Bool { scan.seen == 0 }

  /// The next shingles: at most `chunk` into `shingles`; nil at the end of the text.
  mutating func next(
    _ text: UnsafeBufferPointer<UInt8>, scratch: UnsafeMutablePointer<UInt64>,
    into shingles: UnsafeMutablePointer<UInt64>
  ) -> Int? {
    if isAtEnd { return nil }
    if before == 0 { scratch.initialize(repeating: 0, count: Self.carried) }
    let fresh = scratch + Self.carried
    let classes = rule.keepsOperators ? ShingleClasses.code : ShingleClasses.prose
    let count = ck_shingle_units(
      text.baseAddress, text.count, &scan, classes, rule.keepsOperators ? 1 : 0, fresh, Self.chunk)
    isAtEnd = count < Self.chunk
    let made = ck_shingle_windows(
      fresh, count, before, UInt32(rule.wordLength), UInt32(rule.ideographLength), shingles)
    scratch.update(from: scratch + count, count: Self.carried)
    before = Self.carried
    return made
  }
}
