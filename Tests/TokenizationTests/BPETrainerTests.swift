import Bytes
import Fixtures
import Glibc
import Parallel
import Testing
import Tokens

@testable import Tokenization

@Suite("BPE training gives Hugging Face's merges, whatever the order of the text")
struct BPETrainerTests {
  static func fixture(_ name: String) -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    guard let handle = fopen("/\(folder)/Fixtures/tokens/\(name)", "rb") else { return [] }
    defer { fclose(handle) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, handle), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  static func documents() throws -> [[UInt8]] {
    try fixture("training.jsonl").split(separator: 0x0A).map { try JSONParser.parse(Array($0))["text"]?.bytes ?? [] }
  }

  static func trainer(_ documents: [[UInt8]]) -> BPETrainer {
    var trainer = BPETrainer(pattern: .qwen2)
    for document in documents { trainer.add(document) }
    return trainer
  }

  @Test("the recorded text gives the recorded vocabulary")
  func recorded() throws {
    let expected = try Tokenizer(json: Self.fixture("tokenizer.json")).definition
    let trained = try Self.trainer(Self.documents()).train(vocabularySize: 1024, reserved: 200)
    #expect(trained.merges.count == 263)
    #expect(trained.merges == expected.merges)
    #expect(trained.tokens == expected.tokens)
  }

  @Test("the order of the documents changes nothing")
  func order() throws {
    let documents = try Self.documents()
    var random = SystemRandomNumberGenerator()
    let first = try Self.trainer(documents).train(vocabularySize: 640, reserved: 100)
    let second = try Self.trainer(documents.shuffled(using: &random)).train(vocabularySize: 640, reserved: 100)
    #expect(first.tokenizerJSON() == second.tokenizerJSON())
  }

  @Test("the total is exact: reserved ids fill what a small text leaves", arguments: [384, 512, 640, 4096])
  func total(size: Int) throws {
    let trained = try Self.trainer(Self.documents()).train(vocabularySize: size, reserved: 64)
    let tokenizer = try Tokenizer(json: trained.tokenizerJSON())
    #expect(tokenizer.vocabularySize == size)
    #expect(trained.tokens.count == min(256 + 263, size - 65))
    #expect(trained.addedTokens.map { Int($0.id) } == Array(trained.tokens.count..<size))
    #expect(tokenizer.endOfDocument == Int32(trained.tokens.count))
    #expect(trained.addedTokens[1].content == Array("<|reserved_0|>".utf8))
    #expect(trained.addedTokens.count >= 65)
  }

  @Test("given up in the middle there is no vocabulary; asked at every merge")
  func givenUp() throws {
    var asked = 0
    let plan = VocabularyPlan(vocabularySize: 1024, reserved: 200)
    let none = try Self.trainer(Self.documents()).train(plan) {
      asked += 1
      return asked < 100
    }
    #expect(none == nil && asked == 100)
    let all = try Self.trainer(Self.documents()).train(plan) { true }
    #expect(all?.definition.merges.count == 263)
  }

  @Test("any number of threads gives the same file", arguments: [2, 3, 7])
  func threads(count: Int) throws {
    let documents = try Self.documents()
    var trainer = BPETrainer(pattern: .qwen2)
    trainer.add(documents, pool: WorkerPool(threads: count))
    let many = try trainer.train(vocabularySize: 1024, reserved: 100)
    let one = try Self.trainer(documents).train(vocabularySize: 1024, reserved: 100)
    #expect(many.tokenizerJSON() == one.tokenizerJSON())
  }

  @Test("no room for the bytes is an error; no text at all gives bytes and reserved ids")
  func edges() throws {
    #expect(throws: TokenizerError.self) { try BPETrainer().train(vocabularySize: 256, reserved: 0) }
    let empty = try BPETrainer().train(vocabularySize: 384, reserved: 10)
    #expect(empty.merges.isEmpty)
    #expect(try Tokenizer(empty).vocabularySize == 384)
  }

  @Test(
    "short alphabets, where pairs overlap and tokens meet again, merge as a plain recount does", arguments: [1, 2, 3])
  func plainRecount(minimum: Int) throws {
    for _ in 0..<40 {
      let seed = UInt64.random(in: 0...0xFFFF_FFFF)
      var random = SeededRandom(seed)
      let letters = Array("abc".utf8.prefix(Int.random(in: 1...3, using: &random)))
      let words = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        (0..<Int.random(in: 1...14, using: &random)).map { _ in letters.randomElement(using: &random)! }
      }
      var trainer = BPETrainer()
      for word in words { trainer.add(word) }
      let room = 256 + Int.random(in: 0...40, using: &random)
      let trained = try trainer.train(vocabularySize: room, reserved: 0, special: [], minimumFrequency: minimum)
      #expect(trained.merges == PlainTrainer.merges(words, tokens: room, minimum: minimum), "seed \(seed)")
    }
  }
}

/// The reference: all pairs are counted anew before every merge.
enum PlainTrainer {
  static func merges(_ words: [[UInt8]], tokens limit: Int, minimum: Int) -> [Merge] {
    var tokens = TokenizerDefinition.byteTokens
    var words = words.map { word in word.map { byte in tokens.firstIndex(of: [byte])! } }
    var merges: [Merge] = []
    while tokens.count < limit {
      var counts: [[Int]: Int] = [:]
      for word in words {
        for index in word.indices.dropLast() { counts[[word[index], word[index + 1]], default: 0] += 1 }
      }
      let best = counts.min { ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1]) }
      guard let best, best.value >= minimum else { break }
      let spelt = tokens[best.key[0]] + tokens[best.key[1]]
      if !tokens.contains(spelt) { tokens.append(spelt) }
      let merge = Merge(
        left: Int32(best.key[0]), right: Int32(best.key[1]), result: Int32(tokens.firstIndex(of: spelt)!))
      if !merges.contains(merge) { merges.append(merge) }
      words = words.map { replace(best.key, by: Int(merge.result), in: $0) }
    }
    return merges
  }

  private static func replace(_ pair: [Int], by result: Int, in word: [Int]) -> [Int] {
    var out: [Int] = []
    var index = 0
    while index < word.count {
      if index + 1 < word.count, word[index] == pair[0], word[index + 1] == pair[1] {
        out.append(result)
        index += 2
      } else {
        out.append(word[index])
        index += 1
      }
    }
    return out
  }
}
