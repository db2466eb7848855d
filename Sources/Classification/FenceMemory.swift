/// Fences that found no end: a later one of the same kind and at least that length will find none either.
struct FenceMemory {
  /// Longer runs count as this long, which bounds the searches.
  static let longest = 64
  private var backticks = longest + 1
  private var tildes = longest + 1

  func isHopeless(_ mark: UInt8, _ length: Int) -> Bool { length >= (mark == UInt8(ascii: "`") ? backticks : tildes) }

  mutating func giveUp(_ mark: UInt8, _ length: Int) {
    if mark == UInt8(ascii: "`") { backticks = min(backticks, length) } else { tildes = min(tildes, length) }
  }
}
