/// Gopher's n-gram repetition (arXiv 2112.11446, table A1) over units, a unit being a Han character or a word.
///
/// Measured in windows of 16,384 units so that tables stay in the cache and long documents are not punished for
/// their length; the shares are means over the windows by characters. Mostly Han windows take n doubled, because two
/// words are three to four characters there.
struct RepetitionMeter {
  static let window = 16_384

  private let hashes: UnsafeMutablePointer<UInt64>
  /// Characters before each unit of the window.
  private let starts: UnsafeMutablePointer<UInt32>
  /// Whether the n-gram at a place occurs twice, for the last n and the one before it.
  private var repeats: UnsafeMutablePointer<UInt8>
  private var shorter: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var count = 0
  private var characters: UInt32 = 0
  private var hanUnits = 0
  private var table: RepetitionTable
  private var measured = 0
  private var sums = [Double](repeating: 0, count: 5)

  /// - Parameter units: no more units than this will come.
  init(units: Int) {
    capacity = max(1, min(units, RepetitionMeter.window))
    hashes = .allocate(capacity: capacity + 1)
    starts = .allocate(capacity: capacity + 1)
    repeats = .allocate(capacity: capacity + 1)
    shorter = .allocate(capacity: capacity + 1)
    table = RepetitionTable(entries: capacity)
  }

  func deallocate() {
    hashes.deallocate()
    starts.deallocate()
    repeats.deallocate()
    shorter.deallocate()
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
    var previous = 0
    for (place, n) in [2, 3, 4, 5, 10].enumerated() {
      let found = measure(n * scale, previous: previous * scale)
      let part = Double(place < 3 ? found.top : found.repeated) / Double(max(1, characters))
      sums[place] += Double(characters) * min(1, part)
      previous = n
    }
    measured += Int(characters)
    count = 0
    characters = 0
    hanUnits = 0
  }

  /// Characters in the n-gram that covers most (if it occurs twice), and in n-grams that were there before.
  ///
  /// A repeated n-gram begins and ends with repeated shorter ones, so only those places are looked at.
  private mutating func measure(_ n: Int, previous: Int) -> (top: UInt32, repeated: UInt32) {
    swap(&repeats, &shorter)
    repeats.update(repeating: 0, count: count + 1)
    guard count >= n else { return (0, 0) }
    let power = RepetitionTable.power(n)
    table.clear()
    var top: UInt32 = 0
    var repeated: UInt32 = 0
    var covered: UInt32 = 0
    for index in 0...(count - n) {
      if previous > 0 && shorter[index] & shorter[index + n - previous] == 0 { continue }
      let (times, first) = table.add(hashes[index + n] &- hashes[index] &* power, at: index)
      if times == 1 { continue }
      repeats[first] = 1
      repeats[index] = 1
      let end = starts[index + n]
      top = max(top, times &* (end &- starts[index]))
      repeated &+= end &- max(covered, starts[index])
      covered = end
    }
    return (top, repeated)
  }

  /// Mean shares over the windows: most common 2-, 3-, 4-gram, repeated 5- and 10-grams.
  var shares: (top2: Float, top3: Float, top4: Float, duplicate5: Float, duplicate10: Float) {
    let means = sums.map { Float($0 / Double(max(1, measured))) }
    return (means[0], means[1], means[2], means[3], means[4])
  }
}

/// Counts of hashes by open addressing; cleared by a generation number instead of by writing.
struct RepetitionTable {
  static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// generation (8 bits) | fingerprint (28) | first place (14) | count (14)
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

  /// How often this hash was given since the last clear, this time included, and where first.
  @inline(__always)
  mutating func add(_ hash: UInt64, at index: Int) -> (times: UInt32, first: Int) {
    let mixed = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
    let key = generation << 28 | mixed >> 36
    var place = Int(truncatingIfNeeded: mixed >> 8) & mask
    while true {
      let slot = slots[place]
      if slot >> 56 != generation {
        slots[place] = key << 28 | UInt64(index) << 14 | 1
        return (1, index)
      }
      if slot >> 28 == key {
        slots[place] = slot + 1
        return (UInt32(truncatingIfNeeded: slot & 0x3FFF) + 1, Int(truncatingIfNeeded: slot >> 14 & 0x3FFF))
      }
      place = (place + 1) & mask
    }
  }
}
