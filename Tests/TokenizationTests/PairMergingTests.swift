import Fixtures
import Testing
import Tokens

@testable import Tokenization

@Suite("The merge loop: what is left out to save work never changes the merges")
struct PairMergingTests {
  private static func counts(_ words: [[UInt8]]) -> WordCounts {
    let counts = WordCounts(capacity: 64)
    for word in words {
      word.withUnsafeBufferPointer { counts.add($0.baseAddress!, count: $0.count, pattern: .qwen2) }
    }
    return counts
  }

  @Test("a threshold that is always too high: all pairs are counted again, the merges are those of a plain recount")
  func recounts() throws {
    var recounts = 0
    for _ in 0..<60 {
      let seed = UInt64.random(in: 0...0xFFFF_FFFF)
      var random = SeededRandom(seed)
      let letters = Array("abcd".utf8.prefix(Int.random(in: 1...4, using: &random)))
      let words = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        (0..<Int.random(in: 1...14, using: &random)).map { _ in letters.randomElement(using: &random)! }
      }
      let room = 256 + Int.random(in: 1...60, using: &random)
      let plan = MergePlan(tokens: room, minimum: 1, spare: -2 * (room - 256) + 1)
      let model = try #require(PairMerging.train(words: WordCells(Self.counts(words)), plan: plan, goesOn: { true }))
      #expect(model.merges == PlainTrainer.merges(words, tokens: room, minimum: 1), "seed \(seed)")
      recounts += model.recounts
    }
    #expect(recounts > 60, "the threshold was too high in \(recounts) cases")
  }

  @Test("levels of the threshold: each begins where the one before it ends")
  func levels() {
    for count in Int64(1)...5000 {
      let level = PairThreshold.level(count)
      #expect(PairThreshold.lowest(level) <= count)
      #expect(PairThreshold.level(PairThreshold.lowest(level)) == level)
    }
    #expect(PairThreshold.level(.max) < 256)
  }

  @Test("words are counted as a dictionary counts them: short, long, at the end of the text, in many tables")
  func wordCounts() {
    let seed = UInt64.random(in: 0...0xFFFF_FFFF)
    var random = SeededRandom(seed)
    var expected: [[UInt8]: UInt64] = [:]
    let tables = [WordCounts(capacity: 64), WordCounts(capacity: 64)]
    for document in 0..<300 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        let length = Int.random(in: 1...(Int.random(in: 0...9, using: &random) == 0 ? 60 : 17), using: &random)
        let word = (0..<length).map { _ in UInt8.random(in: 0x61...0x62, using: &random) }
        // A line break is a word of its own: what is between two of them is one, too.
        text += word + [0x0A]
        expected[word, default: 0] += 1
        expected[[0x0A], default: 0] += 1
      }
      text.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        tables[document % 2].add(base, count: bytes.count, pattern: .qwen2)
      }
    }
    tables[0].add(tables[1])
    var found: [[UInt8]: UInt64] = [:]
    tables[0].forEach { word, count in found[Array(word)] = count }
    #expect(found == expected, "seed \(seed)")
    #expect(tables[0].count == expected.count)
    #expect(tables[0].byteCount == expected.keys.reduce(0) { $0 + $1.count })
  }

  @Test("past the memory limit the rarest words go, and it is said how many")
  func memoryLimit() throws {
    var trainer = BPETrainer(pattern: .qwen2, terms: [], mostWordBytes: 400)
    for number in 0..<100 {
      let rare: [UInt8] = (0..<6).map { (bit: Int) -> UInt8 in
        let letter = 0x61 + bit * 2
        return UInt8(letter + (number >> bit) % 2)
      }
      trainer.add(rare + [0x0A])
    }
    for _ in 0..<50 { trainer.add(Array("frequent\n".utf8)) }
    let trained = try #require(try trainer.train(VocabularyPlan(vocabularySize: 300, reserved: 0)) { true })
    #expect(trained.dropped.words > 0 && trained.dropped.occurrences >= trained.dropped.words)
    #expect(trained.definition.tokens.contains(Array("frequent".utf8)))
    #expect(trained.remarks.contains { $0.contains("train_memory_mb left out \(trained.dropped.words) rare words") })
  }
}
