import CKernels
import Suites
import TextModels

/// The n-grams of all suites, compiled for looking them up: immutable, for any number of threads.
public final class SuiteIndex: Sendable {
  /// One n-gram of one item. N-grams that items share have an entry for each.
  struct Entry: Sendable {
    let anchor: UInt64
    let hash: UInt64
    let item: UInt32
    let length: UInt8
    /// Units after the anchor.
    let after: UInt8
  }

  /// An item of a suite as it is judged.
  struct Item: Sendable {
    let source: Int
    let index: Int
    /// Its distinct n-grams.
    var ngrams = 0
    /// Held from a share of its n-grams on, not from the first.
    let isShared: Bool
  }

  public let sources: [SuiteSource]
  /// By source: items that are too short to be looked for, by their place in the suite.
  public let tooShort: [[Int]]
  let settings: DecontaminateSettings
  /// In order of anchor, then hash, then item; no two are the same.
  let entries: [Entry]
  let items: [Item]
  private let table: AnchorTable
  /// For anchors that are the least of a window, and for those of short items.
  let least: AnchorFilter
  let every: AnchorFilter

  /// - Parameter progress: called between items: a sign of life of long work.
  public init(_ sources: [SuiteSource], _ settings: DecontaminateSettings, progress: () -> Void = {}) {
    self.sources = sources
    self.settings = settings
    let windows = NgramWindows(settings)
    var items: [Item] = []
    var entries: [Entry] = []
    var wholes: [UInt64] = []
    var tooShort: [[Int]] = []
    let anchors = settings.search
    for (source, suite) in sources.enumerated() {
      var short: [Int] = []
      for (index, item) in suite.items.enumerated() {
        progress()
        let before = entries.count
        for text in item.texts { SuiteIndex.add(text, UInt32(items.count), windows, anchors, &entries, &wholes) }
        if entries.count == before { short.append(index) }
        items.append(Item(source: source, index: index, isShared: suite.kind == .ppl))
      }
      tooShort.append(short)
    }
    entries = SuiteIndex.distinct(entries)
    for entry in entries { items[Int(entry.item)].ngrams += 1 }
    self.items = items
    self.entries = entries
    self.tooShort = tooShort
    table = AnchorTable(entries)
    every = AnchorFilter(Array(Set(wholes)))
    var last: UInt64?
    least = AnchorFilter(
      entries.compactMap { entry in
        defer { last = entry.anchor }
        return entry.anchor == last ? nil : entry.anchor
      })
  }

  private static func add(
    _ text: [UInt8], _ item: UInt32, _ windows: NgramWindows, _ anchors: ck_match_search, _ entries: inout [Entry],
    _ wholes: inout [UInt64]
  ) {
    let (units, ranges) = MatchUnits.located(text)
    var anchors = anchors
    let all = windows.windows(units).filter { windows.saysSomething($0, text, ranges) }
    units.withUnsafeBufferPointer { units in
      for window in all {
        let end = units.baseAddress! + window.end
        let span = window.isWhole ? 1 : Int(anchors.window)
        let choices = (0..<span).map { (after: $0, hash: ck_match_anchor_hash(end - $0, &anchors)) }
        // Of the last anchors the least; of equal ones any, because all of them are asked for.
        let anchor = choices.min { ck_match_key($0.hash) < ck_match_key($1.hash) }!
        if window.isWhole { wholes.append(anchor.hash) }
        entries.append(
          Entry(
            anchor: anchor.hash, hash: ck_match_hash(end - window.length, window.length), item: item,
            length: UInt8(window.length), after: UInt8(anchor.after)))
      }
    }
  }

  private static func distinct(_ entries: [Entry]) -> [Entry] {
    let sorted = entries.sorted {
      if $0.anchor != $1.anchor { return $0.anchor < $1.anchor }
      return $0.hash == $1.hash ? $0.item < $1.item : $0.hash < $1.hash
    }
    var kept: [Entry] = []
    kept.reserveCapacity(sorted.count)
    for entry in sorted {
      if let last = kept.last, last.anchor == entry.anchor, last.hash == entry.hash, last.item == entry.item {
        continue
      }
      kept.append(entry)
    }
    return kept
  }

  /// Distinct n-grams of all items.
  public var ngrams: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }

  /// First entry of an anchor; nil when no n-gram ends in it.
  @inline(__always)
  func first(_ anchor: UInt64) -> Int? { table.first(anchor) }
}

/// A blocked Bloom filter: 16 bits an anchor or more, two of them set in one word: one in 70 others seems to be held.
/// Small before exact: it must stay in a core's own cache.
struct AnchorFilter: Sendable {
  let bits: [UInt64]
  let shift: UInt32

  /// - Parameter anchors: distinct.
  init(_ anchors: [UInt64]) {
    if anchors.isEmpty {
      // Two words without a bit: there is always something to ask.
      (bits, shift) = ([0, 0], 63)
      return
    }
    let words = max(1024, anchors.count / 4)
    let shift = UInt32((words - 1).leadingZeroBitCount)
    var bits = [UInt64](repeating: 0, count: 1 << Int(64 - shift))
    for anchor in anchors { bits[Int(anchor >> UInt64(shift))] |= ck_match_mask(anchor) }
    (self.bits, self.shift) = (bits, shift)
  }

  var isEmpty: Bool { bits.count == 2 }
}

/// From an anchor to its first entry: open addressing, at most half full.
struct AnchorTable: Sendable {
  private let slots: [(anchor: UInt64, entry: UInt32)]
  private let mask: Int
  private static let none = UInt32.max

  init(_ entries: [SuiteIndex.Entry]) {
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    var slots = [(anchor: UInt64, entry: UInt32)](repeating: (0, AnchorTable.none), count: size)
    mask = size - 1
    for (index, entry) in entries.enumerated() where index == 0 || entries[index - 1].anchor != entry.anchor {
      var slot = Int(truncatingIfNeeded: entry.anchor) & mask
      while slots[slot].entry != AnchorTable.none { slot = (slot + 1) & mask }
      slots[slot] = (entry.anchor, UInt32(index))
    }
    self.slots = slots
  }

  func first(_ anchor: UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: anchor) & mask
    while slots[slot].entry != AnchorTable.none {
      if slots[slot].anchor == anchor { return Int(slots[slot].entry) }
      slot = (slot + 1) & mask
    }
    return nil
  }
}
