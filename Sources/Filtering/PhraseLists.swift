import CKernels
import Documents
import TextModels

/// Lists of phrases whose share of a text's bytes are signals: one automaton for all of them (Aho and Corasick),
/// entered only where a sieve says that a phrase may begin.
///
/// A Latin phrase begins where a word does and matches whatever the case of its letters; a phrase of ideographs matches
/// anywhere, because there are no words to begin.
public struct PhraseLists: Sendable {
  /// Names of the lists and the signals they fill.
  public static let signals: [(name: String, signal: Signal)] = [
    ("promotion", .keywordShare), ("dated", .datedShare), ("adult", .adultShare), ("gambling", .gamblingShare),
    ("political", .politicalShare),
  ]
  public static let builtIn = PhraseLists(texts: [:])

  /// Phrases by list, in the order of `signals`.
  public let phrases: [[[UInt8]]]
  private let automaton: AhoCorasick
  /// Index of the list of each phrase.
  private let lists: [Int]
  private let sieve: PhraseSieve?

  /// - Parameter texts: the files of lists by name, one phrase a line; a list that is not there is the built-in one.
  public init(texts: [String: [UInt8]]) {
    phrases = PhraseLists.signals.map { name, _ in
      DefaultKeywords.phrases(of: texts[name] ?? DefaultKeywords.list(name))
    }
    let all = phrases.flatMap { $0 }
    automaton = AhoCorasick(all, foldsCase: true)
    lists = phrases.enumerated().flatMap { index, phrases in phrases.map { _ in index } }
    sieve = PhraseSieve(all)
  }

  public func phrases(of signal: Signal) -> [[UInt8]]? {
    PhraseLists.signals.firstIndex { $0.signal == signal }.map { phrases[$0] }
  }

  /// Measures the share of each list in the text's bytes, overlaps within a list counted once.
  func fill(_ signals: inout Signals, _ text: UnsafeBufferPointer<UInt8>) {
    if text.isEmpty { return }
    var covered = [CoveredBytes](repeating: CoveredBytes(), count: phrases.count)
    forEachMatch(in: text) { longest, end in
      var phrase = longest
      while phrase >= 0 {
        let start = end - automaton.patternLengths[phrase]
        if PhraseLists.begins(text, start) { covered[lists[phrase]].add(start..<end) }
        phrase = Int(automaton.alsoEnding[phrase])
      }
    }
    for (index, list) in PhraseLists.signals.enumerated() {
      signals[list.signal] = Float(covered[index].count) / Float(text.count)
    }
  }

  /// Whether a phrase may begin here: a Latin one not inside a word.
  private static func begins(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    guard start > 0, PhraseSieve.isAlphanumeric(text[start]) else { return true }
    return !PhraseSieve.isAlphanumeric(text[start - 1])
  }

  func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (_ phrase: Int, _ end: Int) -> Void) {
    guard let sieve else { return automaton.forEachMatch(in: text, body) }
    var next = 0
    sieve.forEachPlace(in: text) { place in
      if place >= next { next = automaton.forEachMatch(in: text, from: place, body) }
    }
  }
}

/// The union of ranges that come in the order of their ends: a later one may begin before all others.
struct CoveredBytes {
  private(set) var count = 0
  private var ranges: [Range<Int>] = []

  mutating func add(_ range: Range<Int>) {
    var start = range.lowerBound
    while let last = ranges.last, last.upperBound >= start {
      start = min(start, last.lowerBound)
      count -= last.count
      ranges.removeLast()
    }
    ranges.append(start..<range.upperBound)
    count += range.upperBound - start
  }
}

/// The beginnings of phrases; nil where a phrase is too short for it.
struct PhraseSieve: Sendable {
  private let bits: Box

  private final class Box: @unchecked Sendable {
    let pointer = UnsafeMutablePointer<ck_phrase_sieve>.allocate(capacity: 1)
    init() { pointer.initialize(to: ck_phrase_sieve()) }
    deinit { pointer.deallocate() }
  }

  init?(_ phrases: [[UInt8]]) {
    bits = Box()
    for phrase in phrases {
      let first = phrase.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
      guard phrase.count >= 3, phrase[0] >= 0x80 || PhraseSieve.isAlphanumeric(phrase[0]) else { return nil }
      withUnsafeMutableBytes(of: &bits.pointer.pointee) { raw in
        let words = raw.assumingMemoryBound(to: UInt64.self)
        let (table, hash) =
          phrase[0] < 0x80
          ? (0, ck_phrase_hash3(first))
          : phrase.count >= 6 ? (256, ck_phrase_hash6(first)) : (512, ck_phrase_hash3(first))
        words[table + Int(hash >> 6)] |= 1 << UInt64(hash & 63)
      }
      if phrase[0] >= 0x80 && phrase.count < 6 { bits.pointer.pointee.has_short = 1 }
    }
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }

  /// - Parameter plain: by the twin of the kernel.
  func forEachPlace(in text: UnsafeBufferPointer<UInt8>, plain: Bool = false, _ body: (Int) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 512) { places in
      var from = 0
      while from < text.count {
        var next = 0
        let find = plain ? ck_phrase_places_reference : ck_phrase_places
        let found = find(text.baseAddress!, from, text.count, bits.pointer, places.baseAddress!, 512, &next)
        for index in 0..<found { body(Int(places[index])) }
        from = next
      }
    }
  }
}
