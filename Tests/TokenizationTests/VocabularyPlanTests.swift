import Fixtures
import Parallel
import Settings
import Testing
import Tokens

@testable import Tokenization

@Suite("What a vocabulary is promised to hold, it holds, and no token breaks another")
struct VocabularyPlanTests {
  static let wanted = ["GPU", "Kubernetes", "量子纠缠", "梯度下降", "C++", "machine learning", "naïve"]
  private static let bannedList = "gradient\n博彩\n=the\n# a comment\n\n"

  private static func trained(_ plan: VocabularyPlan, terms: [String] = []) throws -> TrainedVocabulary {
    var trainer = BPETrainer(pattern: .qwen2, terms: terms.map { Array($0.utf8) })
    for document in try BPETrainerTests.documents() { trainer.add(document) }
    // What is banned is frequent, what is a term is not there at all.
    for _ in 0..<50 { trainer.add(Array("the gradient of the gradients 网上博彩公司\n        博彩 ⠋⠋⠋\n".utf8)) }
    return try #require(try trainer.train(plan) { true })
  }

  private static func ids(_ tokenizer: Tokenizer, _ text: String) -> [Int32] {
    tokenizer.makeEncoder().encode(Array(text.utf8))
  }

  private static func whole(_ plan: VocabularyPlan) throws -> Tokenizer {
    try Tokenizer(json: trained(plan, terms: wanted).definition.tokenizerJSON())
  }

  private static let full = VocabularyPlan(
    vocabularySize: 1152, reserved: 100, special: ["<|endoftext|>", "<|im_start|>"], characterCoverage: 0.9,
    spaceRun: 12, banned: BannedTokens(list: Array(bannedList.utf8)))

  @Test("the total is exact, special tokens come first behind the model, every token is reached")
  func together() throws {
    let tokenizer = try Self.whole(Self.full)
    #expect(tokenizer.vocabularySize == 1152)
    #expect(VocabularyLint(tokenizer).findings(embedding: 1152) == [])
    #expect(tokenizer.endOfDocument != nil && Self.ids(tokenizer, "<|im_start|>").count == 1)
    #expect(Self.ids(tokenizer, "<|reserved_99|>").count == 1)
  }

  @Test("a term is one token, alone and in a text; what it stands in is left alone", arguments: wanted)
  func terms(term: String) throws {
    let tokenizer = try Self.whole(Self.full)
    let id = Self.ids(tokenizer, term)
    #expect(id.count == 1)
    #expect(Array(tokenizer.bytes(of: id[0])) == Array(term.utf8))
    if term.utf8.allSatisfy({ $0 < 0xE0 }) {
      #expect(Self.ids(tokenizer, " " + term).count == (term.contains("+") || term.contains(" ") ? 2 : 1))
    }
    let sentence = "我们研究\(term)现象"
    let text = term.utf8.contains { $0 >= 0xE0 } ? sentence : "see \(term), see"
    #expect(
      Self.ids(tokenizer, text).contains { found in
        String(decoding: tokenizer.bytes(of: found), as: UTF8.self).contains(term)
      })
    #expect(tokenizer.decode(Self.ids(tokenizer, sentence)) == Array(sentence.utf8))
  }

  @Test("no token holds what is banned; tokens built on others stay whole")
  func banned() throws {
    let list = BannedTokens(list: Array(Self.bannedList.utf8))
    let with = try Self.trained(Self.full).definition
    #expect(with.tokens.allSatisfy { !list.holds($0 ?? []) })
    var without = Self.full
    without.banned = BannedTokens()
    #expect(try Self.trained(without).definition.tokens.contains { list.holds($0 ?? []) })
    #expect(Self.ids(try Tokenizer(with), "gradient").count > 1)
  }

  @Test(
    "what a list bans",
    arguments: [
      ("casino", "casinos", true), ("casino", " Casino", true), ("casino", "casin", false), ("=the", "the", true),
      ("=the", " The", true), ("=the", "them", false), ("博彩", "网上博彩", true), ("# the", "the", false),
      ("", "the", false), ("  spaced  ", "spaced", true), ("=", "=", true),
    ] as [(String, String, Bool)])
  func list(line: String, token: String, holds: Bool) {
    #expect(BannedTokens(list: Array(line.utf8)).holds(Array(token.utf8)) == holds)
  }

  @Test("runs of spaces and tabs are one token each")
  func runs() throws {
    let tokenizer = try Self.whole(Self.full)
    for count in 2...12 {
      let run = String(repeating: " ", count: count)
      let ids = Self.ids(tokenizer, run)
      #expect(ids.count == 1, "\(count) spaces")
      #expect(Self.ids(tokenizer, run + " x").first == ids.first, "\(count) spaces before a word")
    }
    for count in 2...3 { #expect(Self.ids(tokenizer, String(repeating: "\t", count: count)).count == 1) }
  }

  @Test("the characters that are promised are one token each, whatever stands beside them")
  func coverage() throws {
    var plan = Self.full
    plan.vocabularySize = 4096
    plan.characterCoverage = 0.99
    let trained = try Self.trained(plan)
    let tokenizer = try Tokenizer(trained.definition)
    let characters = trained.characters.characters
    #expect(characters.count > 50)
    #expect(Double(trained.characters.covered) >= 0.99 * Double(trained.characters.met))
    let known = Set(characters.map { Self.ids(tokenizer, String(decoding: $0, as: UTF8.self)) })
    #expect(known.count == characters.count && known.allSatisfy { $0.count == 1 })
    // Two of them side by side are two tokens or one, never pieces of characters.
    for (left, right) in zip(characters, characters.shuffled()) {
      for id in tokenizer.makeEncoder().encode(left + right) {
        #expect(String(validating: tokenizer.bytes(of: id), as: UTF8.self) != nil)
      }
    }
    #expect(VocabularyLint(tokenizer).findings().filter(\.isFault) == [])
  }

  @Test("too many terms for the vocabulary are an error, not a larger vocabulary")
  func tooManyTerms() throws {
    let words = (0..<400).map { "word" + String($0, radix: 2).map { $0 == "0" ? "a" : "b" }.joined() }
    #expect(throws: TokenizerError.self) {
      try Self.trained(VocabularyPlan(vocabularySize: 512, reserved: 0), terms: words)
    }
  }

  @Test("channels fill their shares in the order of the documents; others give nothing")
  func shares() throws {
    var settings = try TokenizeSettings.decode(nil)
    settings.trainMegabytes = 1
    settings.mix = [ChannelShare(channel: "zh", weight: 3), ChannelShare(channel: "en", weight: 1)]
    var sample = TrainingSample(settings, VocabularyLists(), pool: WorkerPool(threads: 2))
    let text = [UInt8](repeating: 0x61, count: 100_000)
    for _ in 0..<20 {
      for channel in ["zh", "en", "code"] { sample.take(text, channel: channel) }
    }
    let (taken, isFull) = (sample.taken, sample.isFull)
    #expect(taken == ["zh": 800_000, "en": 300_000] && isFull)
  }
}
