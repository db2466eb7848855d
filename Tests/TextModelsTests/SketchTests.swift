import Bytes
import CKernels
import Fixtures
import Testing

@testable import TextModels

@Suite("Sketches")
struct SketchTests {
  private static func words(_ range: some Sequence<Int>) -> [UInt8] {
    Array(range.map { "word\($0)" }.joined(separator: " ").utf8)
  }

  private static func sketch(_ text: [UInt8], salt: UInt64 = 0) -> Sketch {
    Sketch(text, rule: .prose, minimum: 16, salt: salt)
  }

  @Test("The kernel equals its reference")
  func kernel() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededRandom(seed)
    for count in [0, 1, 3, 7, 8, 9, 64, 1001] {
      for round in [UInt64(0), 1, 129] {
        for buckets in [1, 130, 1024] {
          let hashes = (0..<count).map { _ in generator.next() }
          var fast = [UInt64](repeating: .max, count: buckets)
          var plain = fast
          ck_minhash_round(hashes, count, round, &fast, buckets)
          ck_minhash_round_reference(hashes, count, round, &plain, buckets)
          #expect(ck_minhash_least(hashes, count, round) == ck_minhash_least_reference(hashes, count, round))
          #expect(fast == plain, "count \(count) round \(round) buckets \(buckets)")
        }
      }
    }
  }

  @Test("The sketch of a text and of its shingle set are the same", arguments: [20, 21, 100, 700, 6000])
  func fromSet(_ count: Int) {
    let text = Self.words(0..<count)
    let set = ShingleSet(text, rule: .prose)
    #expect(Self.sketch(text, salt: 3).keys == Sketch.keys(of: set, minimum: 16, salt: 3))
    #expect(Self.sketch(text).exactKey == set.exactKey)
    #expect(Self.sketch(text).shingleCount == set.total)
  }

  @Test("A long text of few distinct shingles is sketched like its set")
  func repetitive() {
    let text = Array(String(repeating: "哈哈呵呵嘿嘿", count: 3000).utf8)
    let set = ShingleSet(text, rule: .prose)
    #expect(set.hashes.count == 6)
    #expect(Self.sketch(text).keys == Sketch.keys(of: set, minimum: 16, salt: 0))
  }

  @Test("Too few shingles: no keys, only the exact key")
  func short() {
    let sketch = Self.sketch(Self.words(0..<19))
    #expect(sketch.keys.isEmpty)
    #expect(sketch.shingleCount == 15)
    #expect(Self.sketch(Self.words(0..<20)).keys.count == Sketch.bands)
  }

  @Test("Texts of different salt share no key")
  func salt() {
    let text = Self.words(0..<300)
    #expect(Set(Self.sketch(text, salt: 1).keys).isDisjoint(with: Self.sketch(text, salt: 2).keys))
  }

  @Test("Common bands are as many as the similarity says", arguments: [60, 400])
  func bands(_ count: Int) {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededRandom(seed)
    for share in [0.7, 0.8, 0.9] {
      var common = 0
      var missed = 0
      let trials = 300
      for _ in 0..<trials {
        // Two sets of one size with Jaccard s share 2s / (1 + s) of it.
        let shared = Int((2 * share / (1 + share) * Double(count)).rounded())
        let both = (0..<shared).map { _ in generator.next() }
        let a = both + (shared..<count).map { _ in generator.next() }
        let b = both + (shared..<count).map { _ in generator.next() }
        let keys = Set(Self.keys(a))
        let agreeing = Self.keys(b).filter { keys.contains($0) }.count
        common += agreeing
        missed += agreeing == 0 ? 1 : 0
      }
      let expected = (0..<Sketch.rows).reduce(Double(Sketch.bands)) { bands, _ in bands * share }
      #expect(abs(Double(common) / Double(trials) - expected) < 0.15 * expected, "similarity \(share)")
      // 0.8 % of pairs are expected to be missed at 0.7; 4 % would be far beyond chance.
      #expect(missed < trials / 25, "similarity \(share)")
    }
  }

  private static func keys(_ hashes: [UInt64]) -> [UInt64] {
    Sketch.keys(of: ShingleSet(hashes: hashes), minimum: 1, salt: 0)
  }
}

extension ShingleSet {
  fileprivate init(hashes: [UInt64]) {
    self.init(hashes: ShingleSet.distinct(hashes), total: hashes.count, exactKey: Identifier(high: 0, low: 0))
  }
}
