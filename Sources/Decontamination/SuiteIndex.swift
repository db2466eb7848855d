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
  let filter: [UInt64]
  let shift: UInt32

  public init(_ sources: [SuiteSource], _ settings: DecontaminateSettings) {
    self.sources = sources
    self.settings = settings
    let windows = NgramWindows(settings)
    var items: [Item] = []
    var entries: [Entry] = []
    var tooShort: [[Int]] = []
    for (source, suite) in sources.enumerated() {
      var short: [Int] = []
      for (index, item) in suite.items.enumerated() {
        let before = entries.count
        for text in item.texts { SuiteIndex.add(text, UInt32(items.count), windows, &entries) }
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
    // 32 bits an n-gram, two of them set: one position in 250 is looked at for nothing.
    let words = max(1024, entries.count / 2)
    let bits = UInt32(UInt64.bitWidth - (words - 1).leadingZeroBitCount)
    shift = 64 - bits
    var filter = [UInt64](repeating: 0, count: 1 << Int(bits))
    for entry in entries { filter[Int(entry.anchor >> UInt64(shift))] |= ck_match_mask(entry.anchor) }
    self.filter = filter
  }

  private static func add(_ text: [UInt8], _ item: UInt32, _ windows: NgramWindows, _ entries: inout [Entry]) {
    let units = MatchUnits.of(text)
    units.withUnsafeBufferPointer { units in
      for window in windows.windows(Array(units)) {
        let end = units.baseAddress! + window.end
        entries.append(
          Entry(
            anchor: ck_match_hash(end - window.anchor, window.anchor),
            hash: ck_match_hash(end - window.length, window.length), item: item, length: UInt8(window.length)))
      }
    }
  }

  private static func distinct(_ entries: [Entry]) -> [Entry] {
    let sorted = entries.sorted { ($0.anchor, $0.hash, $0.item) < ($1.anchor, $1.hash, $1.item) }
    var kept: [Entry] = []
    kept.reserveCapacity(sorted.count)
    for entry in sorted {
      if let last = kept.last, last.anchor == entry.anchor, last.hash == entry.hash, last.item == entry.item { continue }
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
