import CKernels
import Glibc
import Tokens

/// How often each distinct word was met: one open table for all words, filled in batches so that the memory of the next
/// words is on its way while the last ones are entered.
///
/// Words of up to 15 bytes are their own key; longer ones stand in a buffer and are found by a hash and compared.
final class WordCounts {
  private struct Slot {
    /// The first eight bytes of a short word; the hash of a long one.
    var low: UInt64 = 0
    /// The other seven and, in the top byte, the length; of a long word `longMark` and its offset. 0: empty.
    var high: UInt64 = 0
    var count: UInt64 = 0
  }

  private struct Pending {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var start = 0
    var length = 0
  }

  private static let longest = 15
  private static let longMark: UInt64 = 0xFF << 56
  private static let batch = 64

  private var slots: UnsafeMutablePointer<Slot>
  private var capacity: Int
  /// Long words: four bytes of length, then the word.
  private var long: UnsafeMutablePointer<UInt8>?
  private var longCount = 0
  private var longCapacity = 0
  private let pending: UnsafeMutablePointer<Pending>
  /// Distinct words.
  private(set) var count = 0
  /// The sum of their lengths.
  private(set) var byteCount = 0
  /// Words there were when the memory was given back.
  private(set) var countBefore = 0

  /// - Parameter capacity: a power of two; words expected.
  init(capacity: Int = 1 << 16) {
    self.capacity = capacity
    slots = Self.emptySlots(capacity)
    pending = .allocate(capacity: Self.batch)
    pending.initialize(repeating: Pending(), count: Self.batch)
  }

  private static func emptySlots(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
    let slots = HugePages.allocate(Slot.self, count: capacity)
    slots.initialize(repeating: Slot(), count: capacity)
    return slots
  }

  deinit {
    free(slots)
    free(long)
    pending.deallocate()
  }

  /// Gives the memory back.
  func removeAll() {
    countBefore = count
    free(slots)
    free(long)
    (long, longCount, longCapacity) = (nil, 0, 0)
    capacity = 2
    slots = Self.emptySlots(capacity)
    count = 0
    byteCount = 0
  }

  /// Counts the words of a text.
  func add(_ base: UnsafePointer<UInt8>, count textCount: Int, pattern: SplitPattern) {
    let scanner = WordScanner(base: base, count: textCount, pattern: pattern)
    var start = 0
    while start < textCount {
      reserve(Self.batch)
      var filled = 0
      while filled < Self.batch, start < textCount {
        let end = scanner.wordEnd(from: start)
        pending[filled] = Self.key(base, start, end &- start, textEnd: textCount)
        ck_prefetch(slots + place(pending[filled].low, pending[filled].high))
        filled &+= 1
        start = end
      }
      for index in 0..<filled { enter(pending[index], base, 1) }
    }
  }

  /// Adds what another table counted.
  func add(_ other: WordCounts) {
    other.forEach { word, count in
      reserve(1)
      enter(Self.key(word.baseAddress!, 0, word.count, textEnd: word.count), word.baseAddress!, count)
    }
  }

  /// Calls `body` with each word and its count; the word is good only during the call. In no order that means anything.
  func forEach(_ body: (UnsafeBufferPointer<UInt8>, UInt64) -> Void) {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { scratch in
      for index in 0..<capacity where slots[index].high != 0 {
        let slot = slots[index]
        if slot.high >> 56 == 0xFF {
          body(longWord(slot), slot.count)
          continue
        }
        scratch.storeBytes(of: slot.low, as: UInt64.self)
        scratch.storeBytes(of: slot.high, toByteOffset: 8, as: UInt64.self)
        let bytes = scratch.bindMemory(to: UInt8.self)
        body(UnsafeBufferPointer(start: bytes.baseAddress, count: Int(slot.high >> 56)), slot.count)
      }
    }
  }

  /// The count up to which words must be left out so that the rest takes no more than `most` bytes.
  func rarest(leaving most: Int) -> UInt64 {
    var bytes = [Int](repeating: 0, count: 1 << 16)
    forEach { word, count in bytes[Int(min(count, 0xFFFF))] += word.count + 1 }
    var left = bytes.reduce(0, +)
    for count in bytes.indices.dropLast() {
      left -= bytes[count]
      if left <= most { return UInt64(count) }
    }
    return 0xFFFE
  }

  /// The words that were met more than `most` times; what is left out is counted in `dropped`.
  func pruned(atMost most: UInt64, dropped: inout DroppedWords) -> WordCounts {
    let kept = WordCounts(capacity: capacity / 2)
    forEach { word, count in
      if count <= most {
        dropped.words += 1
        dropped.occurrences += Int(count)
        return
      }
      kept.reserve(1)
      kept.enter(Self.key(word.baseAddress!, 0, word.count, textEnd: word.count), word.baseAddress!, count)
    }
    return kept
  }

  private static func key(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ length: Int, textEnd: Int
  ) -> Pending {
    if length > longest {
      return Pending(low: hash(base + start, length), high: longMark, start: start, length: length)
    }
    var low: UInt64 = 0
    var high: UInt64 = 0
    if start &+ 16 <= textEnd {
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
    return Pending(low: low, high: high | UInt64(truncatingIfNeeded: length) &<< 56, start: start, length: length)
  }

  /// Where the search for a key begins; of a long word only the hash counts.
  @inline(__always)
  private func place(_ low: UInt64, _ high: UInt64) -> Int {
    let mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: (mixed ^ mixed &>> 32) & UInt64(truncatingIfNeeded: capacity &- 1))
  }

  @inline(__always)
  private func enter(_ word: Pending, _ base: UnsafePointer<UInt8>, _ more: UInt64) {
    var index = place(word.low, word.high)
    let isLong = word.high == Self.longMark
    while slots[index].high != 0 {
      let slot = slots[index]
      if slot.low == word.low, slot.high == word.high || isLong && isSame(slot, base + word.start, word.length) {
        slots[index].count &+= more
        return
      }
      index = (index &+ 1) & (capacity &- 1)
    }
    count &+= 1
    byteCount &+= word.length
    let high = isLong ? Self.longMark | UInt64(keep(base + word.start, word.length)) : word.high
    slots[index] = Slot(low: word.low, high: high, count: more)
  }

  private func keep(_ word: UnsafePointer<UInt8>, _ length: Int) -> Int {
    let offset = longCount
    if longCount + length + 4 > longCapacity {
      longCapacity = max(1 << 16, longCapacity * 2, longCount + length + 4)
      long = realloc(long, longCapacity)?.assumingMemoryBound(to: UInt8.self)
    }
    guard let long else { preconditionFailure("no memory for \(longCapacity) bytes of words") }
    UnsafeMutableRawPointer(long + offset).storeBytes(of: UInt32(length), as: UInt32.self)
    memcpy(long + offset + 4, word, length)
    longCount += length + 4
    return offset
  }

  @inline(__always)
  private func isSame(_ slot: Slot, _ word: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    guard slot.high >> 56 == 0xFF else { return false }
    let kept = longWord(slot)
    return kept.count == length && memcmp(kept.baseAddress!, word, length) == 0
  }

  @inline(__always)
  private func longWord(_ slot: Slot) -> UnsafeBufferPointer<UInt8> {
    let word = UnsafePointer(long! + Int(slot.high & ~Self.longMark))
    return UnsafeBufferPointer(start: word + 4, count: Int(UnsafeRawPointer(word).loadUnaligned(as: UInt32.self)))
  }

  /// Room for `more` words at no more than two thirds full.
  @inline(__always)
  private func reserve(_ more: Int) {
    if (count &+ more) &* 3 > capacity &* 2 { grow() }
  }

  private func grow() {
    let (old, oldCapacity) = (slots, capacity)
    capacity *= 2
    slots = Self.emptySlots(capacity)
    for index in 0..<oldCapacity where old[index].high != 0 {
      let slot = old[index]
      var target = place(slot.low, slot.high >> 56 == 0xFF ? Self.longMark : slot.high)
      while slots[target].high != 0 { target = (target &+ 1) & (capacity &- 1) }
      slots[target] = slot
    }
    free(old)
  }

  /// Eight bytes at a time, multiplied and folded; good enough for words, not against an adversary.
  private static func hash(_ word: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let raw = UnsafeRawPointer(word)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: length)
    var offset = 0
    while offset &+ 8 <= length {
      state = mix(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    // The last eight bytes, some of them once more: a long word has eight.
    return mix(state ^ raw.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self))
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}

/// Rare words that the memory limit left no room for.
public struct DroppedWords: Equatable, Sendable {
  public internal(set) var words = 0
  /// How often they were met before they were left out.
  public internal(set) var occurrences = 0
}
