import CKernels

/// Every pair of neighbouring tokens that is worth merging: how often it stands in the text, and where it once stood.
struct PairTable {
  struct Pair {
    let key: UInt64
    var count: Int64
    /// Cells where the pair was put; some may be stale. Ascending unless `unsorted`.
    var positions: UnsafeMutablePointer<UInt32>?
    var positionCount = 0
    var capacity = 0
    var unsorted = false
  }

  private struct Slot {
    var key: UInt64
    var pair: UInt32
  }

  private(set) var pairs: [Pair] = []
  private var slots = [Slot](repeating: Slot(key: .max, pair: 0), count: 1 << 16)
  private var arena = PositionArena()

  static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

  /// The index of the pair with this key, or nil.
  func find(_ key: UInt64) -> Int? {
    let slot = slots[slotIndex(key)]
    return slot.key == key ? Int(slot.pair) : nil
  }

  /// Adds to the pair's count and makes room for `more` positions. The pair is made if it is new and reaches `minimum`.
  mutating func add(_ key: UInt64, count: Int64, room more: Int, minimum: Int64) -> Int? {
    let index = slotIndex(key)
    if slots[index].key == key {
      let pair = Int(slots[index].pair)
      pairs[pair].count += count
      pairs[pair].unsorted = true
      widen(pair, by: more)
      return pair
    }
    if count < minimum { return nil }
    insert(Pair(key: key, count: count, positions: arena.allocate(more), capacity: more), at: index)
    return pairs.count - 1
  }

  /// Notes a position of a pair that was added with room for it.
  mutating func note(_ key: UInt64, at position: UInt32) {
    guard let pair = find(key), let positions = pairs[pair].positions else { return }
    positions[pairs[pair].positionCount] = position
    pairs[pair].positionCount += 1
  }

  private mutating func insert(_ pair: Pair, at index: Int) {
    slots[index] = Slot(key: pair.key, pair: UInt32(pairs.count))
    pairs.append(pair)
    if pairs.count * 2 > slots.count { grow() }
  }

  /// Asks for the memory of a key that will be looked up.
  @inline(__always)
  func prefetch(_ key: UInt64) {
    slots.withUnsafeBufferPointer { ck_prefetch($0.baseAddress! + (Self.place(key) & ($0.count &- 1))) }
  }

  mutating func subtract(_ count: Int64, from key: UInt64) {
    let slot = slots[slotIndex(key)]
    if slot.key == key { pairs[Int(slot.pair)].count -= count }
  }

  /// Takes the pair's positions, ascending, and leaves it without any. Give them back with `release`.
  mutating func takePositions(_ pair: Int) -> PositionList {
    let taken = pairs[pair]
    var found = UnsafeMutableBufferPointer(start: taken.positions, count: taken.positionCount)
    if taken.unsorted { found.sort() }
    pairs[pair].positions = nil
    pairs[pair].positionCount = 0
    pairs[pair].capacity = 0
    pairs[pair].unsorted = false
    return PositionList(positions: found, capacity: taken.capacity)
  }

  /// The pair stands nowhere any more.
  mutating func clearCount(_ pair: Int) { pairs[pair].count = 0 }

  func release(_ list: PositionList) { arena.release(list.positions.baseAddress, capacity: list.capacity) }

  /// Where the next positions of the pair are to be written.
  func cursor(_ pair: Int) -> UnsafeMutablePointer<UInt32>? {
    pairs[pair].positions.map { $0 + pairs[pair].positionCount }
  }

  mutating func written(_ count: Int, to pair: Int) { pairs[pair].positionCount += count }

  /// Forgets every pair.
  mutating func deallocate() {
    for pair in pairs { arena.release(pair.positions, capacity: pair.capacity) }
    arena.deallocate()
    pairs = []
    slots = [Slot](repeating: Slot(key: .max, pair: 0), count: 1 << 16)
  }

  private mutating func widen(_ pair: Int, by more: Int) {
    let old = pairs[pair]
    if old.positionCount + more <= old.capacity { return }
    let capacity = old.positionCount + more
    let positions = arena.allocate(capacity)
    if let source = old.positions {
      positions.update(from: source, count: old.positionCount)
      arena.release(source, capacity: old.capacity)
    }
    pairs[pair].positions = positions
    pairs[pair].capacity = capacity
  }

  private func slotIndex(_ key: UInt64) -> Int {
    let mask = slots.count &- 1
    return slots.withUnsafeBufferPointer { slots in
      var index = Self.place(key) & mask
      while slots[index].key != key, slots[index].key != .max { index = (index &+ 1) & mask }
      return index
    }
  }

  @inline(__always)
  static func place(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(key: .max, pair: 0), count: old.count * 2)
    for slot in old where slot.key != .max { slots[slotIndex(slot.key)] = slot }
  }
}

/// Positions taken out of the table.
struct PositionList {
  let positions: UnsafeMutableBufferPointer<UInt32>
  fileprivate let capacity: Int
}

/// Memory for position lists: short ones from large chunks freed together, long ones each for itself.
struct PositionArena {
  private static let chunkCapacity = 1 << 20
  private static let longest = 1 << 12
  private var chunks: [UnsafeMutablePointer<UInt32>] = []
  private var used = Self.chunkCapacity

  mutating func allocate(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    if count > Self.longest { return .allocate(capacity: count) }
    if used + count > Self.chunkCapacity {
      chunks.append(.allocate(capacity: Self.chunkCapacity))
      used = 0
    }
    defer { used += count }
    return chunks[chunks.count - 1] + used
  }

  func release(_ positions: UnsafeMutablePointer<UInt32>?, capacity: Int) {
    if capacity > Self.longest { positions?.deallocate() }
  }

  mutating func deallocate() {
    for chunk in chunks { chunk.deallocate() }
    chunks = []
    used = Self.chunkCapacity
  }
}
