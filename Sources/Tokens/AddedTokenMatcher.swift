import Glibc

/// Finds added tokens in text: the leftmost match, the longest of those that begin there.
public struct AddedTokenMatcher: Sendable {
  /// Whether a byte pair can begin a token: bit `first << 8 | second`.
  private var prefixes = [Bool](repeating: false, count: 65536)
  private var firstBytes = [Bool](repeating: false, count: 256)
  /// Sorted by their bytes, so that the candidates of one prefix stand together.
  private let tokens: [AddedToken]
  private let onlyFirstByte: UInt8?

  public init(_ added: [AddedToken]) {
    tokens = added.filter { !$0.content.isEmpty }.sorted { $0.content.lexicographicallyPrecedes($1.content) }
    for token in tokens {
      let first = Int(token.content[0])
      firstBytes[first] = true
      for second in 0..<256 where token.content.count == 1 || Int(token.content[1]) == second {
        prefixes[first << 8 | second] = true
      }
    }
    let distinct = Set(tokens.map { $0.content[0] })
    onlyFirstByte = distinct.count == 1 ? distinct.first : nil
  }

  public var isEmpty: Bool { tokens.isEmpty }

  /// The first match in `start..<end` of the text at `base`.
  public func firstMatch(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> (
    start: Int, end: Int, token: AddedToken
  )? {
    var position = start
    while let candidate = nextCandidate(base, from: position, to: end) {
      if let token = longest(base, at: candidate, to: end) {
        return (candidate, candidate + token.content.count, token)
      }
      position = candidate + 1
    }
    return nil
  }

  /// The next place whose first two bytes can begin a token.
  private func nextCandidate(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var position = start
    if let only = onlyFirstByte {
      while position < end {
        guard let found = memchr(base + position, Int32(only), end - position) else { return nil }
        position = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
        if accepts(base, position, end) { return position }
        position += 1
      }
      return nil
    }
    while position < end {
      if firstBytes[Int(base[position])], accepts(base, position, end) { return position }
      position += 1
    }
    return nil
  }

  private func accepts(_ base: UnsafePointer<UInt8>, _ position: Int, _ end: Int) -> Bool {
    position + 1 == end || prefixes[Int(base[position]) << 8 | Int(base[position + 1])]
  }

  /// The longest token that stands at `position`, by narrowing the sorted list byte by byte.
  private func longest(_ base: UnsafePointer<UInt8>, at position: Int, to end: Int) -> AddedToken? {
    var range = 0..<tokens.count
    var best: AddedToken?
    var depth = 0
    while position + depth < end, !range.isEmpty {
      range = narrowed(range, depth: depth, byte: base[position + depth])
      depth += 1
      if let first = range.first, tokens[first].content.count == depth { best = tokens[first] }
    }
    return best
  }

  /// The part of `range`, whose tokens agree up to `depth`, that has `byte` there.
  private func narrowed(_ range: Range<Int>, depth: Int, byte: UInt8) -> Range<Int> {
    func firstIndex(atLeast wanted: Int) -> Int {
      var (low, high) = (range.lowerBound, range.upperBound)
      while low < high {
        let middle = (low + high) / 2
        let content = tokens[middle].content
        if (depth < content.count ? Int(content[depth]) : -1) < wanted { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return firstIndex(atLeast: Int(byte))..<firstIndex(atLeast: Int(byte) + 1)
  }
}
