import Bytes
import Testing
import Tokens

@testable import Tokenization

@Suite("Lint finds what was broken by hand; extend proves that it breaks nothing")
struct VocabularyLintTests {
  private static func recorded() throws -> TokenizerDefinition {
    try Tokenizer(json: BPETrainerTests.fixture("tokenizer.json")).definition
  }

  private static func faults(_ definition: TokenizerDefinition, embedding: Int? = nil) throws -> [VocabularyFinding] {
    try VocabularyLint(Tokenizer(definition)).findings(embedding: embedding).filter(\.isFault)
  }

  @Test("a trained vocabulary has no fault")
  func whole() throws { #expect(try Self.faults(Self.recorded()) == []) }

  @Test("a token without a merge, and a merge of it")
  func unreachable() throws {
    var definition = try Self.recorded()
    let id = Int32(definition.tokens.count)
    definition.addedTokens = []
    definition.tokens += [Array("zqx".utf8), Array("zqxzqx".utf8)]
    definition.merges.append(Merge(left: id, right: id, result: id + 1))
    let faults = try Self.faults(definition)
    #expect(faults.map(\.kind) == [.unreachable, .unreachable, .deadMerge])
    #expect(faults.map(\.id) == [id, id + 1, id + 1])
    #expect(faults[0].reason.contains("zqx"))
  }

  @Test("a token across words, which the cutting never leaves whole")
  func acrossWords() throws {
    var definition = try Self.recorded()
    definition.addedTokens = []
    var chains = MergeChains(definition)
    chains.makeOne(Array("a b".utf8))
    definition.tokens = chains.tokens
    definition.merges = chains.merges
    #expect(try Self.faults(definition).contains { $0.kind == .unreachable && $0.reason.contains("\"a b\"") })
  }

  @Test("ids without a row, the same text twice, a merge listed twice, holes, sizes")
  func others() throws {
    var definition = try Self.recorded()
    let size = try Tokenizer(definition).vocabularySize
    #expect(try Self.faults(definition, embedding: size - 3).map(\.kind) == [.outside, .outside, .outside])
    definition.merges.append(definition.merges[0])
    #expect(try Self.faults(definition).map(\.kind) == [.deadMerge])
    definition = try Self.recorded()
    definition.addedTokens.append(AddedToken(id: Int32(size), content: [0x61]))
    #expect(try Self.faults(definition).contains { $0.kind == .duplicate && $0.id == Int32(size) })
    definition.addedTokens.removeLast()
    definition.addedTokens.append(AddedToken(id: Int32(size + 9), content: [0x7E, 0x7E, 0x7E]))
    let notes = try VocabularyLint(Tokenizer(definition)).findings().filter { !$0.isFault }
    #expect(Set(notes.map(\.kind)) == [.hole, .size])
  }

  @Test("terms are one token each, no old id changes, every new row has a beginning")
  func extends() throws {
    let old = try Tokenizer(Self.recorded())
    let terms = ["Kubernetes", " Kubernetes", "量子纠缠", "machine learning", "a"].map { Array($0.utf8) }
    let extended = try VocabularyExtension(old, terms: terms + terms)
    #expect(extended.lost == [] && extended.failed == [])
    #expect(extended.present == [[0x61]])
    #expect(extended.rows.filter(\.isTerm).map(\.text).sorted { $0.count < $1.count }.count == 4)
    #expect(extended.rows.map { Int($0.id) } == extended.rows.indices.map { old.vocabularySize + $0 })
    #expect(extended.rows.allSatisfy { !$0.from.isEmpty && old.decode($0.from) == $0.text })
    let new = try Tokenizer(json: extended.definition.tokenizerJSON())
    for id in 0..<Int32(old.vocabularySize) { #expect(new.bytes(of: id) == old.bytes(of: id)) }
    for term in terms { #expect(new.makeEncoder().encode(term).count == 1) }
    #expect(try Self.faults(extended.definition) == [])
  }

  @Test("added tokens that cut old ones are told by name")
  func loses() throws {
    let old = try Tokenizer(Self.recorded())
    let encoder = old.makeEncoder()
    // A part of an old token that is no token itself: as an added token it takes the old one apart.
    let cut = old.definition.tokens.enumerated().lazy.compactMap { id, token -> (id: Int, part: [UInt8])? in
      guard let token, token.count > 3, token.allSatisfy({ $0 < 0x80 }) else { return nil }
      let part = Array(token.dropLast())
      return encoder.encode(part).count > 1 ? (id, part) : nil
    }.first
    let (id, term) = try #require(cut)
    #expect(try VocabularyExtension(old, terms: [term], way: .added).lost.contains(Int32(id)))
    #expect(try VocabularyExtension(old, terms: [term]).lost == [])
  }
}
