import Bytes

/// The shingle hashes of a text, chunk by chunk, in bounded memory.
///
/// Which shingle ends at a unit depends only on the units before it, never on the position in the text: if the last
/// `wordLength` units are words it is those, else the last `ideographLength` units when an ideograph is among them.
/// So an edit touches only the shingles that reach over it, in mixed text too.
struct ShingleStream {
  static let chunk = 4096
  /// Units of the chunk before, kept in front so that shingles reach over the boundary.
  private static let carried = 16
  /// Scratch a caller hands to `next`.
  static let scratch = chunk + carried

  private let rule: ShingleRule
  private var units: ShingleUnitScanner
  private let wordDrop: UInt64
  private let ideographDrop: UInt64
  private var wordHash: UInt64 = 0
  private var ideographHash: UInt64 = 0
  private var wordRun = 0
  private var seen = 0
  private var isAtEnd = false

  init(_ rule: ShingleRule) {
    self.rule = rule
    units = ShingleUnitScanner(keepsOperators: rule.keepsOperators)
    wordDrop = Self.power(rule.wordLength)
    ideographDrop = Self.power(rule.ideographLength)
  }

  /// Key of the whole matching form, valid once `next` has returned nil.
  var exactKey: Identifier { units.exactKey }
  /// The text holds nothing but separators.
  var isEmpty: Bool { units.isEmpty }

  /// Odd, so that multiplying loses nothing.
  private static let base: UInt64 = 0xD134_2543_DE82_EF95

  private static func power(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power &* base } }

  /// The next shingles: at most `chunk` into `shingles`; nil at the end of the text.
  mutating func next(
    _ text: UnsafeBufferPointer<UInt8>, scratch: UnsafeMutablePointer<UInt64>,
    into shingles: UnsafeMutablePointer<UInt64>
  ) -> Int? {
    if isAtEnd { return nil }
    if seen == 0 { scratch.initialize(repeating: 0, count: Self.carried) }
    let fresh = scratch + Self.carried
    let count = units.scan(text, into: fresh, limit: Self.chunk)
    isAtEnd = count < Self.chunk
    let made = combine(fresh, count, into: shingles)
    scratch.update(from: scratch + count, count: Self.carried)
    return made
  }

  private mutating func combine(
    _ units: UnsafeMutablePointer<UInt64>, _ count: Int, into shingles: UnsafeMutablePointer<UInt64>
  ) -> Int {
    let wordLength = rule.wordLength
    let ideographLength = rule.ideographLength
    var wordHash = wordHash
    var ideographHash = ideographHash
    var wordRun = wordRun
    var seen = seen
    var made = 0
    for index in 0..<count {
      let unit = units[index]
      wordHash = wordHash &* Self.base &+ unit &- units[index - wordLength] &* wordDrop
      ideographHash = ideographHash &* Self.base &+ unit &- units[index - ideographLength] &* ideographDrop
      wordRun = unit & 1 == 1 ? wordRun + 1 : 0
      seen += 1
      if wordRun >= wordLength {
        shingles[made] = Self.finished(wordHash)
        made += 1
      } else if wordRun < ideographLength && seen >= ideographLength {
        shingles[made] = Self.finished(ideographHash)
        made += 1
      }
    }
    self.wordHash = wordHash
    self.ideographHash = ideographHash
    self.wordRun = wordRun
    self.seen = seen
    return made
  }

  /// Spreads the polynomial's strong high bits over the whole word.
  @inline(__always)
  private static func finished(_ hash: UInt64) -> UInt64 {
    let mixed = (hash ^ hash >> 32) &* 0x9E6C_63D0_876A_9A47
    return (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9
  }
}
