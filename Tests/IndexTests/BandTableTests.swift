import Fixtures
import Testing

@testable import Index

@Suite("Band table")
struct BandTableTests {
  private func numbers(_ table: BandTable, _ key: UInt64) -> [UInt32] {
    var found: [UInt32] = []
    table.forEach(key) { found.append($0) }
    return found
  }

  @Test("Numbers come ascending, once each, whatever the order of insertion; key zero is one like any other")
  func order() {
    for key in [0, 77 << 20, 1 << 40 - 1] as [UInt64] {
      var table = BandTable(bytes: 1000)
      for number in [5, 3, 9, 3, 1] as [UInt32] { table.add(key, number) }
      #expect(numbers(table, key) == [1, 3, 5, 9])
      #expect(numbers(table, key ^ 1) == [])
      #expect(table.count == 4)
      for number in [3, 9, 4, 1] as [UInt32] { table.remove(key, number) }
      #expect(numbers(table, key) == [5])
    }
  }

  /// Spread evenly; crowded at either end; few keys with many numbers.
  enum Kind: CaseIterable { case even, low, high, few }

  @Test("Random additions and removals agree with a set and stay in order", arguments: Kind.allCases)
  func random(_ kind: Kind) {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    var table = BandTable(bytes: 4000)
    var plain: Set<UInt64> = []
    for _ in 0..<20_000 {
      let key: UInt64 =
        switch kind {
        case .even: random.next() >> 24
        case .low: random.next() % 3000
        case .high: 1 << 40 - 1 - random.next() % 3000
        case .few: random.next() % 7 << 37
        }
      let number = UInt32(1 + random.below(kind == .few ? 1000 : 3))
      if random.below(3) > 0 {
        table.add(key, number)
        plain.insert(key << 24 | UInt64(number))
      } else if let gone = random.below(2) == 0 ? plain.randomElement(using: &random) : key << 24 | UInt64(number) {
        table.remove(gone >> 24, UInt32(gone & 0xFF_FFFF))
        plain.remove(gone)
      }
    }
    var entries: [UInt64] = []
    table.forEach { (key, number) throws(Never) in entries.append(key << 24 | UInt64(number)) }
    #expect(entries == plain.sorted(), "seed \(seed)")
    #expect(table.count == plain.count, "seed \(seed)")
    let byKey = Dictionary(grouping: plain.sorted()) { $0 >> 24 }
    for (key, wanted) in byKey { #expect(numbers(table, key) == wanted.map { UInt32($0 & 0xFF_FFFF) }, "seed \(seed)") }
  }

  @Test("Documents keep their numbers, come back, and may come late")
  func young() {
    var young = YoungDocuments()
    let first = [10, 11, 20].map { young.add($0) }
    #expect(first == [1, 2, 3])
    let late = young.add(5)
    #expect(young.ordinal(late) == 5 && young.number(5) == late && young.ordinal(2) == 11)
    #expect(young.bounds == 5...20)
    let gone = [young.remove(11), young.remove(11), young.remove(5)]
    #expect(gone == [2, nil, late] && young.number(11) == nil && young.number(5) == nil)
    let back = [young.add(11), young.add(5)]
    #expect(young.number(11) == 2 && young.ordinal(back[0]) == 11 && young.ordinal(back[1]) == 5)
    #expect(young.number(6) == nil && young.number(21) == nil)
  }
}
