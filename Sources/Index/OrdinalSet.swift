/// A set of documents, a bit each.
public struct OrdinalSet: Sendable {
  private(set) var words: [UInt64] = []

  public init() {}

  @inline(__always)
  public func contains(_ ordinal: UInt32) -> Bool {
    let word = Int(ordinal >> 6)
    return word < words.count && words[word] >> UInt64(ordinal & 63) & 1 != 0
  }

  public mutating func insert(_ ordinal: UInt32) {
    let word = Int(ordinal >> 6)
    if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
    words[word] |= 1 << UInt64(ordinal & 63)
  }

  public mutating func remove(_ ordinal: UInt32) {
    let word = Int(ordinal >> 6)
    if word < words.count { words[word] &= ~(1 << UInt64(ordinal & 63)) }
  }

  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
