/// What a word of up to 15 bytes becomes, for the words met lately: a fixed table, two entries to a cache line.
///
/// One per encoder, so it needs no lock. A full set drops its older entry.
struct WordCache {
  /// Longest word kept: the key is its bytes with the length in the sixteenth.
  static let longestWord = 15
  /// Words of more ids than this are not kept.
  static let mostIDs = 4

  struct Entry {
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// Ids; the number of ids stands in the top byte of the first.
    var ids: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let mask: Int

  /// `entries` must be a power of two; 32 bytes each.
  init(entries count: Int) {
    precondition(count > 1 && count & (count - 1) == 0, "the word cache needs a power of two of entries")
    let raw = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Entry>.stride, alignment: 64)
    entries = raw.bindMemory(to: Entry.self, capacity: count)
    entries.initialize(repeating: Entry(), count: count)
    mask = count - 1
  }

  func deallocate() { UnsafeMutableRawPointer(entries).deallocate() }

  /// The key of the word of `length` (1...15) bytes at `base + start`; reads nothing at or behind `end`.
  @inline(__always)
  static func key(_ base: UnsafePointer<UInt8>, _ start: Int, _ length: Int, end: Int) -> (low: UInt64, high: UInt64) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    if start &+ 16 <= end {
      let raw = UnsafeRawPointer(base + start)
      low = raw.loadUnaligned(as: UInt64.self)
      high = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      if length < 8 {
        low &= (1 &<< UInt64(truncatingIfNeeded: length &* 8)) &- 1
        high = 0
      } else {
        high &= (1 &<< UInt64(truncatingIfNeeded: (length &- 8) &* 8)) &- 1
      }
    } else {
      for offset in 0..<length {
        let byte = UInt64(base[start &+ offset])
        if offset < 8 { low |= byte &<< UInt64(offset &* 8) } else { high |= byte &<< UInt64((offset &- 8) &* 8) }
      }
    }
    return (low, high | UInt64(truncatingIfNeeded: length) &<< 56)
  }

  /// The even index of the pair of entries where the key may be.
  @inline(__always)
  func set(_ key: (low: UInt64, high: UInt64)) -> Int {
    let mixed = (key.low ^ (key.high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed >> 32) & mask & ~1
  }

  /// Copies the word's ids to `output` (room for 4) and returns their number, or -1 if the word is not here.
  @inline(__always)
  func find(_ key: (low: UInt64, high: UInt64), set: Int, output: UnsafeMutablePointer<Int32>) -> Int {
    var entry = entries + set
    if entry.pointee.low != key.low || entry.pointee.high != key.high {
      entry += 1
      if entry.pointee.low != key.low || entry.pointee.high != key.high { return -1 }
    }
    let ids = entry.pointee.ids
    output[0] = Int32(bitPattern: ids.0 & 0xFF_FFFF)
    output[1] = Int32(bitPattern: ids.1)
    output[2] = Int32(bitPattern: ids.2)
    output[3] = Int32(bitPattern: ids.3)
    return Int(ids.0 >> 24)
  }

  /// Keeps the `count` ids at `ids`; the set's newer entry moves to the second place.
  func insert(_ key: (low: UInt64, high: UInt64), set: Int, ids: UnsafePointer<Int32>, count: Int) {
    if count > Self.mostIDs || count == 0 { return }
    let id = { (index: Int) in index < count ? UInt32(bitPattern: ids[index]) : 0 }
    entries[set + 1] = entries[set]
    entries[set] = Entry(
      low: key.low, high: key.high, ids: (id(0) | UInt32(count) << 24, id(1), id(2), id(3)))
  }
}
