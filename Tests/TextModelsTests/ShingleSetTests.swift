import Bytes
import CKernels
import Fixtures
import Testing

@testable import TextModels

/// Sets of hashes: the kernels against plain ways to the same.
@Suite("Shingle sets")
struct ShingleSetTests {
  /// Hashes of which a share repeats earlier ones; `bits` less than 64 crowds them into few lines.
  private static func hashes(_ count: Int, repeats: Double, bits: UInt64, _ random: inout SeededRandom) -> [UInt64] {
    var hashes: [UInt64] = []
    for _ in 0..<count {
      if !hashes.isEmpty, Double(random.below(1000)) < repeats * 1000 {
        hashes.append(hashes[random.below(hashes.count)])
      } else {
        hashes.append(random.next() >> (64 - bits))
      }
    }
    return hashes
  }

  @Test("Sorted without repetition, whatever the length, the repetitions and how badly they are spread")
  func distinct() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let scratch = ShingleScratch()
    for count in [0, 1, 7, 63, 64, 65, 200, 1000, 4096, 5003, 16_383, 16_384, 40_000] {
      for repeats in [0, 0.5, 0.99] {
        for bits: UInt64 in [64, 58, 40] {
          let hashes = Self.hashes(count, repeats: repeats, bits: bits, &random)
          let expected = Set(hashes).sorted()
          let what = "seed \(seed): \(count) hashes, \(repeats) repeated, \(bits) bits"
          #expect(ShingleSet.distinct(hashes, scratch) == expected, "\(what)")
          #expect(ShingleSet.distinctInPasses(hashes) == expected, "\(what)")
        }
      }
    }
  }

  @Test("What two sets share is what plain merging finds; below what is wanted any number below it")
  func shared() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for _ in 0..<2000 {
      let all = Set(Self.hashes(random.below(300), repeats: 0, bits: 64, &random)).sorted()
      let share = random.below(101)
      let a = all.filter { _ in random.below(100) < share }
      let b = all.filter { _ in random.below(100) < share }
      let expected = Set(a).intersection(b).count
      #expect(ck_shingle_shared_reference(a, a.count, b, b.count, 0) == expected)
      for wanted in [0, expected / 2, expected] {
        #expect(ck_shingle_shared(a, a.count, b, b.count, wanted) == expected, "seed \(seed), wanted \(wanted)")
      }
      #expect(ck_shingle_shared(a, a.count, b, b.count, expected + 1) <= expected, "seed \(seed)")
    }
  }

  @Test("A similarity is told from exactly the threshold on")
  func threshold() {
    var random = SeededRandom(7)
    for _ in 0..<3000 {
      let all = Set(Self.hashes(1 + random.below(200), repeats: 0, bits: 64, &random)).sorted()
      let share = 50 + random.below(51)
      func set() -> ShingleSet {
        let part = all.filter { _ in random.below(100) < share }
        return ShingleSet(hashes: part, total: part.count, exactKey: .init(high: 0, low: 0))
      }
      let (a, b) = (set(), set())
      let similarity = a.jaccard(b)
      for threshold in [0.5, 0.7, 0.8, 0.85, 1, similarity, similarity.nextUp] where threshold > 0 {
        #expect(a.jaccard(b, atLeast: threshold) == (similarity >= threshold ? similarity : nil))
      }
    }
  }

  @Test("A sketch made with its shingles is the sketch, and they are the text's", arguments: [3, 40, 900, 5000])
  func withShingles(_ words: Int) {
    let text = Array((0..<words).map { "word\($0 % 700)" }.joined(separator: " ").utf8)
    let (sketch, shingles) = Sketch.withShingles(text, rule: .prose, minimum: 16, salt: 3)
    #expect(sketch == Sketch(text, rule: .prose, minimum: 16, salt: 3))
    #expect(shingles == ShingleList(text, rule: .prose))
    let set = ShingleSet(shingles)
    #expect(set == ShingleSet(text, rule: .prose))
    #expect(Sketch.keys(of: set, minimum: 16, salt: 3) == sketch.keys)
  }

  @Test("Keys of pieces see words and ideographs, not case, width, spaces and punctuation")
  func matchKeys() {
    func key(_ text: String) -> MatchKey? { Array(text.utf8).withUnsafeBufferPointer { MatchKey($0) } }
    #expect(key("Read more: 下一页。") == key("read  MORE 下一页"))
    #expect(key("Read more: 下一页。")?.units == 5)
    #expect(key("page 1") != key("page 2"))
    #expect(key("——— “！” ...") == nil && key("***")?.units == 0 && key("") == nil)
    let long = String(repeating: "word ", count: 3000)
    #expect(key(long)?.units == 3000)
  }
}
