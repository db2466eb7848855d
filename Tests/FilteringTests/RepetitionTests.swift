import CKernels
import Fixtures
import Testing

/// The kernel of repeated n-grams against plain counting, as datatrove writes it.
@Suite struct RepetitionTests {
  /// Units by what they are; each has a length of its own.
  private struct Units {
    var hashes: [UInt64] = []
    var lengths: [UInt32] { hashes.map { UInt32($0 >> 8 & 7) + 1 } }
  }

  private static func measured(_ units: Units, scale: Int, between: UInt32) -> [UInt64] {
    var memory = ck_repetition_memory()
    defer { ck_repetition_free(&memory) }
    var found = ck_repetition()
    ck_measure_repetition(units.hashes, units.lengths, units.hashes.count, scale, between, &memory, &found)
    let (top, repeated) = (found.top, found.repeated)
    return [top.0, top.1, top.2, repeated.0, repeated.1, repeated.2, repeated.3, repeated.4, repeated.5]
  }

  private static func counted(_ units: Units, scale: Int, between: UInt32) -> [UInt64] {
    (2...10).map { n in
      let size = n * scale
      guard units.hashes.count >= size else { return 0 }
      return n <= 4 ? top(units, size, between) : repeated(units, size)
    }
  }

  /// All characters of the most common gram, of as common ones the first.
  private static func top(_ units: Units, _ size: Int, _ between: UInt32) -> UInt64 {
    var counts: [ArraySlice<UInt64>: Int] = [:]
    var best = (count: 0, start: 0)
    let starts = 0...(units.hashes.count - size)
    for start in starts { counts[units.hashes[start..<(start + size)], default: 0] += 1 }
    for start in starts {
      let count = counts[units.hashes[start..<(start + size)]]!
      if count > best.count { best = (count, start) }
    }
    let characters = units.lengths[best.start..<(best.start + size)].reduce(0, +) + UInt32(size - 1) * between
    return UInt64(best.count) * UInt64(characters)
  }

  private static func repeated(_ units: Units, _ size: Int) -> UInt64 {
    var seen = Set<ArraySlice<UInt64>>()
    var characters: UInt64 = 0
    var start = 0
    while start + size <= units.hashes.count {
      let isNew = seen.insert(units.hashes[start..<(start + size)]).inserted
      if !isNew { characters += UInt64(units.lengths[start..<(start + size)].reduce(0, +)) }
      start += isNew ? 1 : size
    }
    return characters
  }

  /// Units of a vocabulary, and copies of what was there, with a unit changed here and there.
  private static func random(_ count: Int, vocabulary: Int, copies: Int, _ random: inout SeededRandom) -> Units {
    var units = Units()
    while units.hashes.count < count {
      let have = units.hashes.count
      if have > 0, random.below(100) < copies {
        let start = random.below(have), length = min(1 + random.below(40), have - start)
        units.hashes += units.hashes[start..<(start + length)]
      } else {
        units.hashes.append(UInt64(random.below(vocabulary) + 1) &* 0x9E37_79B9_7F4A_7C15)
      }
    }
    units.hashes.removeLast(units.hashes.count - count)
    return units
  }

  @Test(arguments: [1, 2])
  func everyCountIsThatOfPlainCounting(scale: Int) {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("RepetitionTests seed \(seed)")
    var random = SeededRandom(seed)
    for round in 0..<160 {
      let count = round < 50 ? round : 50 + random.below(500)
      let vocabulary = [1, 2, 3, 8, 40, 100_000][random.below(6)], copies = [0, 3, 20, 70][random.below(4)]
      let units = Self.random(count, vocabulary: vocabulary, copies: copies, &random)
      let between = UInt32(random.below(2))
      let found = Self.measured(units, scale: scale, between: between)
      let expected = Self.counted(units, scale: scale, between: between)
      #expect(
        found == expected, "seed \(seed), round \(round): \(count) units of \(vocabulary), \(copies) % copies")
    }
  }

  /// Places have 18 bits: what is longer is measured in parts. One unit again and again is counted by hand.
  @Test(arguments: [70_000, (1 << 18) - 1, 1 << 18, (1 << 18) + 40])
  func longTextsAreMeasuredInParts(count: Int) {
    let part = (1 << 18) - 1
    var units = Units()
    units.hashes = [UInt64](repeating: 0x9E37_79B9_7F4A_7C15, count: count)
    let length = Int(units.lengths[0])
    var expected = [UInt64](repeating: 0, count: 9)
    for piece in [min(count, part), count - part] where piece > 1 {
      for n in 2...4 { expected[n - 2] += UInt64((piece - n + 1) * (n * length + n - 1)) }
      // The first one is new, the reader goes on behind each other one.
      for n in 5...10 { expected[n - 2] += UInt64((piece - 1) / n * n * length) }
    }
    #expect(Self.measured(units, scale: 1, between: 1) == expected)
  }
}
