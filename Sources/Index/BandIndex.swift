/// Band keys to the ordinals of the documents that have them, in memory.
///
/// An open-addressed table of whole 64-bit keys; a key of one document holds its ordinal in place, a key of several
/// points to a list kept in ascending order, so that look-ups do not depend on the order of insertion.
public struct BandIndex: Sendable {
  /// Marks a value that is the number of a list. Ordinals stay below it.
  private static let listMark: UInt32 = 1 << 31
  private static let emptyKey: UInt64 = 0

  private var keys: [UInt64]
  private var values: [UInt32]
  private var mask: Int
  private var lists: [[UInt32]] = []
  private var freeLists: [Int] = []
  /// Distinct keys held.
  public private(set) var count = 0

  /// - Parameter capacity: keys to make room for.
  public init(capacity: Int = 0) {
    var slots = 16
    while slots * 3 < capacity * 4 { slots *= 2 }
    keys = [UInt64](repeating: BandIndex.emptyKey, count: slots)
    values = [UInt32](repeating: 0, count: slots)
    mask = slots - 1
  }

  /// Bytes of the table, without the lists.
  public var tableBytes: Int { keys.count * (MemoryLayout<UInt64>.size + MemoryLayout<UInt32>.size) }

  /// Adds a document under a key; a second time changes nothing. Ordinals are below 2^31.
  public mutating func add(_ key: UInt64, _ ordinal: UInt32) {
    precondition(ordinal < BandIndex.listMark, "ordinals are below 2^31")
    if (count + 1) * 4 > keys.count * 3 { grow() }
    let key = BandIndex.stored(key)
    let slot = slot(of: key)
    if keys[slot] == BandIndex.emptyKey {
      keys[slot] = key
      values[slot] = ordinal
      count += 1
    } else if values[slot] & BandIndex.listMark != 0 {
      insert(ordinal, intoList: Int(values[slot] & ~BandIndex.listMark))
    } else if values[slot] != ordinal {
      let held = values[slot]
      values[slot] = UInt32(makeList([min(held, ordinal), max(held, ordinal)])) | BandIndex.listMark
    }
  }

  /// Takes a document from a key; nothing happens when it is not there.
  public mutating func remove(_ key: UInt64, _ ordinal: UInt32) {
    let slot = slot(of: BandIndex.stored(key))
    if keys[slot] == BandIndex.emptyKey { return }
    guard values[slot] & BandIndex.listMark != 0 else {
      if values[slot] == ordinal { close(slot) }
      return
    }
    let list = Int(values[slot] & ~BandIndex.listMark)
    let place = BandIndex.place(of: ordinal, in: lists[list])
    guard place < lists[list].count, lists[list][place] == ordinal else { return }
    lists[list].remove(at: place)
    if lists[list].count == 1 {
      values[slot] = lists[list][0]
      lists[list] = []
      freeLists.append(list)
    }
  }

  /// Appends the documents under a key, in ascending order.
  public func lookup(_ key: UInt64, into ordinals: inout [UInt32]) {
    let slot = slot(of: BandIndex.stored(key))
    if keys[slot] == BandIndex.emptyKey { return }
    if values[slot] & BandIndex.listMark == 0 {
      ordinals.append(values[slot])
    } else {
      ordinals.append(contentsOf: lists[Int(values[slot] & ~BandIndex.listMark)])
    }
  }

  /// The documents that share at least `least` of the keys, ascending, with how many they share.
  public func sharing(_ wanted: [UInt64], atLeast least: Int) -> [(ordinal: UInt32, shared: Int)] {
    var found: [UInt32] = []
    for key in wanted { lookup(key, into: &found) }
    if found.isEmpty { return [] }
    found.sort()
    var result: [(ordinal: UInt32, shared: Int)] = []
    var start = 0
    for index in 1...found.count where index == found.count || found[index] != found[start] {
      if index - start >= least { result.append((found[start], index - start)) }
      start = index
    }
    return result
  }

  /// Zero marks an empty slot, so that key is moved.
  private static func stored(_ key: UInt64) -> UInt64 { key == emptyKey ? 0x9E37_79B9_7F4A_7C15 : key }

  /// Keys are hashes already; both halves are used, so that it does not matter how they were folded.
  private func home(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key >> 32 ^ key) & mask }

  private func slot(of key: UInt64) -> Int {
    var slot = home(key)
    while keys[slot] != key && keys[slot] != BandIndex.emptyKey { slot = (slot + 1) & mask }
    return slot
  }

  /// Empties a slot and moves later keys of its run back, so that no run is cut.
  private mutating func close(_ emptied: Int) {
    var hole = emptied
    var next = (hole + 1) & mask
    while keys[next] != BandIndex.emptyKey {
      let distanceFromHome = (next - home(keys[next])) & mask
      if distanceFromHome >= (next - hole) & mask {
        keys[hole] = keys[next]
        values[hole] = values[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    keys[hole] = BandIndex.emptyKey
    count -= 1
  }

  private mutating func grow() {
    let oldKeys = keys
    let oldValues = values
    keys = [UInt64](repeating: BandIndex.emptyKey, count: oldKeys.count * 2)
    values = [UInt32](repeating: 0, count: oldKeys.count * 2)
    mask = keys.count - 1
    for (index, key) in oldKeys.enumerated() where key != BandIndex.emptyKey {
      let slot = slot(of: key)
      keys[slot] = key
      values[slot] = oldValues[index]
    }
  }

  private mutating func makeList(_ ordinals: [UInt32]) -> Int {
    if let free = freeLists.popLast() {
      lists[free] = ordinals
      return free
    }
    lists.append(ordinals)
    return lists.count - 1
  }

  private mutating func insert(_ ordinal: UInt32, intoList list: Int) {
    let place = BandIndex.place(of: ordinal, in: lists[list])
    if place < lists[list].count && lists[list][place] == ordinal { return }
    lists[list].insert(ordinal, at: place)
  }

  private static func place(of ordinal: UInt32, in list: [UInt32]) -> Int {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle] < ordinal { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
