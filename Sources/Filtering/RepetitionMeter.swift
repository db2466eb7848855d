/// Gopher's n-gram repetition (arXiv 2112.11446, table A1) over units, a unit being a Han character or a word.
///
/// Measured in windows of 16,384 units so that tables stay in the cache and long documents are not punished for
/// their length; the shares are means over the windows by characters. Mostly Han windows take n doubled, because two
/// words are three to four characters there.
struct RepetitionMeter {
  static let window = 16_384

  private var hashes: UnsafeMutablePointer<UInt64>
  /// Characters before each unit of the window.
  private var starts: UnsafeMutablePointer<UInt32>
  private let capacity: Int
  private var count = 0
  private var characters: UInt32 = 0
  private var hanUnits = 0
  private var table: RepetitionTable
  private var measured = 0
  private var sums = (top2: 0.0, top3: 0.0, top4: 0.0, duplicate5: 0.0, duplicate10: 0.0)

  /// - Parameter units: no more units than this will come.
  init(units: Int) {
    capacity = max(1, min(units, RepetitionMeter.window))
    hashes = .allocate(capacity: capacity + 1)
    starts = .allocate(capacity: capacity + 1)
    table = RepetitionTable(entries: capacity)
  }

  func deallocate() {
    hashes.deallocate()
    starts.deallocate()
    table.deallocate()
  }

  @inline(__always)
  mutating func append(_ hash: UInt64, characters length: Int, isHan: Bool) {
    if count == capacity { closeWindow() }
    hashes[count] = hash
    starts[count] = characters
    characters &+= UInt32(truncatingIfNeeded: length)
    if isHan { hanUnits += 1 }
    count += 1
  }

  mutating func closeWindow() {
    guard count > 0 else { return }
    starts[count] = characters
    // Prefix hashes: gram(i, n) = prefix[i + n] - prefix[i] * base^n, in place of the unit hashes.
    var prefix: UInt64 = 0
    for index in 0...count {
      let unit = index < count ? hashes[index] : 0
      hashes[index] = prefix
      prefix = prefix &* RepetitionTable.base &+ unit
    }
    let scale = hanUnits * 10 >= count * 6 ? 2 : 1
    let weight = Double(characters)
    sums.top2 += weight * topShare(2 * scale)
    sums.top3 += weight * topShare(3 * scale)
    sums.top4 += weight * topShare(4 * scale)
    sums.duplicate5 += weight * duplicateShare(5 * scale)
    sums.duplicate10 += weight * duplicateShare(10 * scale)
    measured += Int(characters)
    count = 0
    characters = 0
    hanUnits = 0
  }

  /// Characters in the n-gram that covers most, over all characters; only n-grams that occur twice.
  private mutating func topShare(_ n: Int) -> Double {
    guard count >= n else { return 0 }
    let power = RepetitionTable.power(n)
    table.clear()
    var most: UInt32 = 0
    for index in 0...(count - n) {
      let times = table.count(hashes[index + n] &- hashes[index] &* power)
      if times > 1 { most = max(most, times &* (starts[index + n] &- starts[index])) }
    }
    return min(1, Double(most) / Double(max(1, characters)))
  }

  /// Characters in n-grams that were there before, each place counted once, over all characters.
  private mutating func duplicateShare(_ n: Int) -> Double {
    guard count >= n else { return 0 }
    let power = RepetitionTable.power(n)
    table.clear()
    var repeated: UInt32 = 0
    var index = 0
    while index + n <= count {
      if table.count(hashes[index + n] &- hashes[index] &* power) > 1 {
        repeated &+= starts[index + n] &- starts[index]
        index += n
      } else {
        index += 1
      }
    }
    return Double(repeated) / Double(max(1, characters))
  }

  /// Mean shares over the windows: most common 2-, 3-, 4-gram, duplicated 5- and 10-grams.
  var shares: (top2: Float, top3: Float, top4: Float, duplicate5: Float, duplicate10: Float) {
    let total = Double(max(1, measured))
    return (
      Float(sums.top2 / total), Float(sums.top3 / total), Float(sums.top4 / total), Float(sums.duplicate5 / total),
      Float(sums.duplicate10 / total)
    )
  }
}

/// Counts of hashes by open addressing; cleared by a generation number instead of by writing.
struct RepetitionTable {
  static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// generation (8 bits) | fingerprint (32) | count (24)
  private let slots: UnsafeMutablePointer<UInt64>
  private let mask: Int
  private var generation: UInt64 = 0

  init(entries: Int) {
    var size = 16
    while size < 2 * entries { size *= 2 }
    slots = .allocate(capacity: size)
    slots.initialize(repeating: 0, count: size)
    mask = size - 1
  }

  func deallocate() { slots.deallocate() }

  static func power(_ n: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<n { power = power &* base }
    return power
  }

  mutating func clear() {
    generation += 1
    guard generation == 256 else { return }
    slots.update(repeating: 0, count: mask + 1)
    generation = 1
  }

  /// How often this hash was given since the last clear, this time included.
  @inline(__always)
  mutating func count(_ hash: UInt64) -> UInt32 {
    let mixed = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
    let key = generation << 32 | mixed >> 32
    var place = Int(truncatingIfNeeded: mixed >> 8) & mask
    while true {
      let slot = slots[place]
      if slot >> 24 == key {
        slots[place] = slot + 1
        return UInt32(truncatingIfNeeded: slot & 0xFF_FFFF) + 1
      }
      if slot >> 56 != generation {
        slots[place] = key << 24 | 1
        return 1
      }
      place = (place + 1) & mask
    }
  }
}
