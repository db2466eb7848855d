/// Many byte patterns found in one pass: a dense automaton over byte classes (Aho and Corasick 1975).
public struct AhoCorasick: Sendable {
  /// Class of each byte; bytes in no pattern share class 0.
  private let classes: [UInt8]
  private let classCount: Int
  /// Row after a byte: `next[row + class]`, a row being state * classCount, with `ends` set where a pattern ends.
  private let next: [UInt32]
  private static let ends: UInt32 = 0x8000_0000
  /// By state: the longest pattern that ends there, -1 when none does.
  private let endings: [Int32]
  public let patternLengths: [Int]
  /// By pattern: another one, as long or shorter, that ends wherever it ends; -1 when there is none.
  public let alsoEnding: [Int32]

  /// - Parameters:
  ///   - patterns: byte strings; empty ones never match. At most 255 distinct bytes may occur.
  ///   - foldsCase: ASCII letters match whatever their case.
  public init(_ patterns: [[UInt8]], foldsCase: Bool = false) {
    patternLengths = patterns.map(\.count)
    var builder = AhoCorasickBuilder(patterns.map { foldsCase ? $0.map(AhoCorasick.lowered) : $0 })
    builder.link()
    alsoEnding = builder.alsoEnding
    classCount = builder.classCount
    let (width, endings) = (UInt32(builder.classCount), builder.endings)
    for place in builder.next.indices {
      let state = builder.next[place]
      builder.next[place] = state * width | (endings[Int(state)] >= 0 ? AhoCorasick.ends : 0)
    }
    next = builder.next
    self.endings = endings
    var folded = builder.classes
    if foldsCase {
      for letter in UInt8(ascii: "a")...UInt8(ascii: "z") { folded[Int(letter) - 32] = folded[Int(letter)] }
    }
    classes = folded
  }

  static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte + 32 : byte }

  /// Calls `body` with the index of the longest pattern that ends at a place (`alsoEnding` has the others) and the
  /// offset behind its last byte.
  public func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (_ pattern: Int, _ end: Int) -> Void) {
    classes.withUnsafeBufferPointer { classes in
      next.withUnsafeBufferPointer { next in
        var row: UInt32 = 0
        for index in 0..<text.count {
          row = next[Int(row) &+ Int(classes[Int(text[index])])]
          if row & AhoCorasick.ends != 0 {
            row &= ~AhoCorasick.ends
            body(Int(endings[Int(row) / classCount]), index + 1)
          }
        }
      }
    }
  }

  /// The matches that begin at `start` or behind it without a gap; returns where no pattern goes on any more.
  public func forEachMatch(
    in text: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (_ pattern: Int, _ end: Int) -> Void
  ) -> Int {
    classes.withUnsafeBufferPointer { classes in
      next.withUnsafeBufferPointer { next in
        var row: UInt32 = 0
        for index in start..<text.count {
          row = next[Int(row) &+ Int(classes[Int(text[index])])]
          if row & AhoCorasick.ends != 0 {
            row &= ~AhoCorasick.ends
            body(Int(endings[Int(row) / classCount]), index + 1)
          }
          if row == 0 { return index }
        }
        return text.count
      }
    }
  }
}

/// The trie and its failure links, breadth first.
private struct AhoCorasickBuilder {
  var classes = [UInt8](repeating: 0, count: 256)
  var classCount = 1
  var next: [UInt32] = []
  var endings: [Int32] = [-1]
  var alsoEnding: [Int32]
  private var failures: [UInt32] = [0]
  private let patterns: [[UInt8]]

  init(_ patterns: [[UInt8]]) {
    self.patterns = patterns
    alsoEnding = [Int32](repeating: -1, count: patterns.count)
    for byte in patterns.joined() where classes[Int(byte)] == 0 && classCount < 256 {
      classes[Int(byte)] = UInt8(classCount)
      classCount += 1
    }
    next = [UInt32](repeating: 0, count: classCount)
    for (index, pattern) in patterns.enumerated() where !pattern.isEmpty { insert(pattern, Int32(index)) }
  }

  private mutating func insert(_ pattern: [UInt8], _ index: Int32) {
    var state = 0
    for byte in pattern {
      let place = state * classCount + Int(classes[Int(byte)])
      if next[place] == 0 {
        next[place] = UInt32(endings.count)
        next.append(contentsOf: repeatElement(0, count: classCount))
        endings.append(-1)
        failures.append(0)
      }
      state = Int(next[place])
    }
    // The same pattern twice: both end here.
    alsoEnding[Int(index)] = endings[state]
    endings[state] = index
  }

  /// Where a state ends, the longest pattern of its proper suffixes ends too.
  private mutating func end(_ state: Int, _ shorter: Int32) {
    if endings[state] < 0 {
      endings[state] = shorter
      return
    }
    var last = Int(endings[state])
    while alsoEnding[last] >= 0 { last = Int(alsoEnding[last]) }
    alsoEnding[last] = shorter
  }

  /// Fills the gaps of the trie with the transitions of each state's longest proper suffix.
  mutating func link() {
    var queue = (0..<classCount).map { Int(next[$0]) }.filter { $0 != 0 }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      let failure = Int(failures[state])
      end(state, endings[failure])
      for symbol in 0..<classCount {
        let place = state * classCount + symbol
        let fallback = next[failure * classCount + symbol]
        if next[place] == 0 {
          next[place] = fallback
        } else {
          failures[Int(next[place])] = fallback
          queue.append(Int(next[place]))
        }
      }
    }
  }
}
