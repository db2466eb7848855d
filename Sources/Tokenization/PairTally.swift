import CKernels
import Glibc

/// How often each pair of tokens stands in the words: all pairs, most of them rare, so without anything but the counts.
struct PairTally {
  struct Entry {
    var key: UInt64 = .max
    var count: Int64 = 0
    var places: UInt32 = 0
  }

  private var slots: UnsafeMutablePointer<Entry>
  private var capacity = 1 << 16
  private(set) var count = 0

  init() { slots = Self.empty(capacity) }

  private static func empty(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
    let slots = HugePages.allocate(Entry.self, count: capacity)
    slots.initialize(repeating: Entry(), count: capacity)
    return slots
  }

  func deallocate() { free(slots) }

  /// Counts a batch of places.
  mutating func add(_ batch: UnsafeBufferPointer<PairPlace>) {
    while (count + batch.count) * 2 > capacity { grow() }
    for place in batch { ck_prefetch(slots + slot(place.key)) }
    for place in batch {
      let index = find(place.key)
      if slots[index].key == .max {
        slots[index].key = place.key
        count &+= 1
      }
      slots[index].count &+= place.count
      slots[index].places &+= 1
    }
  }

  func forEach(_ body: (Entry) -> Void) {
    for index in 0..<capacity where slots[index].key != .max { body(slots[index]) }
  }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int { PairTable.place(key) & (capacity &- 1) }

  @inline(__always)
  private func find(_ key: UInt64) -> Int {
    var index = slot(key)
    while slots[index].key != key, slots[index].key != .max { index = (index &+ 1) & (capacity &- 1) }
    return index
  }

  private mutating func grow() {
    let (old, oldCapacity) = (slots, capacity)
    capacity *= 2
    slots = Self.empty(capacity)
    for index in 0..<oldCapacity where old[index].key != .max { slots[find(old[index].key)] = old[index] }
    free(old)
  }
}

/// A pair of neighbouring tokens at one place.
struct PairPlace {
  var key: UInt64 = 0
  var count: Int64 = 0
  var position: UInt32 = 0
}
