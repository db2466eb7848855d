import CKernels

/// Cuts text into pre-tokens ("words") exactly as the regular expressions of `SplitPattern` do.
///
/// The text is expected to be UTF-8. A byte that begins no well-formed character counts as a symbol of its own, so that
/// any byte string can be cut, and joined again without loss. Nothing is read outside the text.
public struct WordScanner {
  private let base: UnsafePointer<UInt8>
  /// Where the text ends: `$` and the look-ahead of the patterns act here.
  public let end: Int
  private let rules: Int32

  /// A scanner over `count` bytes at `base`, which must outlive it.
  public init(base: UnsafePointer<UInt8>, count: Int, pattern: SplitPattern) {
    self.base = base
    self.end = count
    rules = pattern.rules
  }

  /// The end of the word that begins at byte offset `start` (0 <= start < end).
  public func wordEnd(from start: Int) -> Int { ck_word_end(rules, base, start, end) }
}
