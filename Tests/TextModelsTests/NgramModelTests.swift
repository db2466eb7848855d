import Bytes
import CKernels
import Testing
import TextModels

@Suite struct NgramModelTests {
  private static func example(_ text: String, _ label: Int, facts: [Int] = []) -> NgramExample {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer {
      NgramExample(
        $0, spans: [0..<bytes.count], facts: facts, label: label, key: Identifier(of: bytes).low, bits: 12)
    }
  }

  private static func examples() -> [NgramExample] {
    (0..<40).flatMap { index in
      [
        example("the cat number \(index) sat on the mat and looked at the dog", 0, facts: [0]),
        example("第\(index)只猫坐在垫子上看着那条狗，心里想着别的事情。", 1, facts: [1]),
        example("int value\(index) = table[\(index)]; return value\(index);", 2, facts: [2]),
      ]
    }
  }

  /// The same texts under other labels.
  private static func swapped() -> [NgramExample] {
    (0..<40).flatMap { index in
      [
        example("the cat number \(index) sat on the mat and looked at the dog", 2, facts: [1]),
        example("第\(index)只猫坐在垫子上看着那条狗，心里想着别的事情。", 0, facts: [2]),
        example("int value\(index) = table[\(index)]; return value\(index);", 1, facts: [0]),
      ]
    }
  }

  private static func trained(_ examples: [NgramExample], ordered: [Float]? = nil) throws -> NgramModel {
    var training = NgramTraining()
    training.bits = 12
    return try training.train(
      task: "channel", classes: ["en", "zh", "code"], examples: examples, factCount: 3, ordered: ordered)
  }

  @Test func classesAreLearntAndToldApart() throws {
    let model = try Self.trained(Self.examples())
    for (text, label) in [("the dog looked at the cat", 0), ("那只狗看着猫。", 1), ("return table[7];", 2)] {
      let best = NgramModel.best(model.margins(Array(text.utf8)))
      #expect(best.index == label, "\(text)")
      #expect(best.probability > 0.34)
    }
  }

  @Test func theSameExamplesInAnyOrderGiveTheSameModel() throws {
    let examples = Self.examples()
    let model = try Self.trained(examples)
    #expect(try Self.trained(examples.reversed()) == model)
    #expect(try Self.trained(examples.shuffled()).encoded() == model.encoded())
  }

  @Test func aModelReadIsTheModelWritten() throws {
    var model = try Self.trained(Self.examples(), ordered: [0, 0.5, 1])
    #expect(model.outputs == 1)
    model.percentiles = [.init(channel: "", margins: (0...100).map { Float($0) / 50 - 1 })]
    #expect(try NgramModel(model.encoded()) == model)
  }

  @Test func damagedFilesAreRefused() throws {
    let bytes = try Self.trained(Self.examples()).encoded()
    for damage in [0, 9, 40, bytes.count / 2, bytes.count - 1] {
      var damaged = bytes
      damaged[damage] ^= 1
      #expect(throws: NgramModelError.self, "byte \(damage)") { try NgramModel(damaged) }
    }
    for length in [0, 7, 20, 100, bytes.count - 1] {
      #expect(throws: NgramModelError.self, "length \(length)") { try NgramModel(Array(bytes[..<length])) }
    }
  }

  @Test func aClassWithoutDocumentsIsRefused() {
    #expect(throws: NgramModelError.self) { try Self.trained(Self.examples().filter { _ in false }) }
  }

  @Test func percentilesRiseWithTheMarginAndFallBackToAllChannels() throws {
    var model = try Self.trained(Self.examples(), ordered: [0, 0.5, 1])
    model.percentiles = [
      .init(channel: "", margins: (0...100).map { Float($0) }),
      .init(channel: "zh", margins: (0...100).map { Float($0 / 10) }),
    ]
    #expect(model.percentile(-1, channel: "en") == 0)
    #expect(model.percentile(25.5, channel: "en") == 0.255)
    #expect(model.percentile(200, channel: "en") == 1)
    let rising = stride(from: Float(-1), through: 12, by: 0.25).map { model.percentile($0, channel: "zh") }
    #expect(rising == rising.sorted())
    #expect(rising.first == 0 && rising.last == 1)
  }

  @Test func twoModelsAtOnceSayWhatEachSaysAlone() throws {
    let first = try Self.trained(Self.examples())
    let second = try Self.trained(Self.swapped())
    let pair = try #require(NgramPair(first, second))
    for text in ["the dog looked at the cat", "那只狗看着猫。", "return table[7];", "x"] {
      let bytes = Array(text.utf8)
      bytes.withUnsafeBufferPointer { bytes in
        let spans = [0..<bytes.count / 2, bytes.count / 2..<bytes.count].filter { !$0.isEmpty }
        let both = pair.margins(bytes, spans: spans, facts: [1])
        #expect(both.first == first.margins(bytes, spans: spans, facts: [1]), "\(text)")
        #expect(both.second == second.margins(bytes, spans: spans, facts: [1]), "\(text)")
      }
    }
    #expect(NgramPair(first, try Self.trained(Self.examples(), ordered: [0, 0.5, 1])) == nil, "rows of other widths")
    #expect(NgramPair(first, nil) == nil)
  }

  /// The kernel at every level of the processor, and its plain twin, over random bytes of all lengths.
  @Test func kernelsAgreeWithTheirTwin() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("NgramModelTests seed \(seed)")
    var state = seed
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let bits: UInt32 = 10
    let table = (0..<(16 << 10)).map { _ in Int8(truncatingIfNeeded: random()) }
    for length in Array(0...40) + [127, 128, 129, 500, 3000] {
      let text = (0..<length).map { _ in random() % 3 == 0 ? UInt8(random() & 0xFF) : UInt8(0x61 + random() % 4) }
      var rows = [UInt32](repeating: 0, count: 2 * length + 2)
      let found = ck_ngram_rows(text, length, bits, &rows)
      for lanes: UInt32 in [1, 8, 16] {
        var expected = [Int64](repeating: 0, count: 16)
        var expectedFound = 0
        ck_ngram_sum_reference(text, length, table, bits, lanes, &expected, &expectedFound)
        #expect(found == expectedFound, "seed \(seed), \(length) bytes")
        var byRows = [Int64](repeating: 0, count: 16)
        for row in rows[..<found] {
          for lane in 0..<Int(lanes) { byRows[lane] += Int64(table[Int(row) * Int(lanes) + lane]) }
        }
        #expect(byRows == expected, "seed \(seed), \(length) bytes")
        for level in [CK_PLAIN, CK_AVX2, CK_AVX512] where level <= ck_cpu_level() {
          var sums = [Int64](repeating: 0, count: 16)
          var count = 0
          ck_ngram_sum_at(Int32(level), text, length, table, bits, lanes, &sums, &count)
          #expect(sums == expected && count == expectedFound, "seed \(seed), \(length) bytes, level \(level)")
        }
      }
    }
  }
}
