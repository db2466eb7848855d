import CKernels
import Fixtures
import Testing

@testable import Tokens

@Suite("Encoding gives Hugging Face's ids; decoding gives the bytes back")
struct TokenEncoderTests {
  @Test("recorded ids", arguments: SplitPattern.allCases)
  func golden(pattern: SplitPattern) throws {
    let encoder = try Golden.tokenizer { $0.pattern = pattern }.makeEncoder()
    #expect(Golden.cases.count > 200)
    for item in Golden.cases {
      #expect(encoder.encode(item.text) == item.ids[pattern.rawValue], "\(item.text)")
      #expect(encoder.encode(item.text) == item.ids[pattern.rawValue], "again, from the cache: \(item.text)")
    }
  }

  @Test("recorded ids where whole words go before merges")
  func ignoreMerges() throws {
    let encoder = try Golden.tokenizer { $0.ignoreMerges = true }.makeEncoder()
    for item in Golden.cases { #expect(encoder.encode(item.text) == item.ids["ignore_merges"], "\(item.text)") }
  }

  @Test("recorded ids behind NFC, of tokens that strip white space, and over characters")
  func variants() throws {
    let stripping = ["<l>", "<r>", "<b>", "<n>"].map { text in
      AddedToken(
        id: 0, content: Array(text.utf8), special: false, normalized: text == "<n>", stripsLeft: text != "<r>",
        stripsRight: text == "<r>" || text == "<b>")
    }
    func add(_ definition: inout TokenizerDefinition, from first: Int) {
      for (index, token) in stripping.enumerated() {
        definition.addedTokens.append(
          AddedToken(
            id: Int32(first + index), content: token.content, special: false, normalized: token.normalized,
            stripsLeft: token.stripsLeft, stripsRight: token.stripsRight))
      }
    }
    let mark = CharacterModel.mark
    let tokenizers = [
      "nfc": try Golden.tokenizer { $0.normalizer = [.composed] },
      "strips": try Golden.tokenizer { add(&$0, from: 523) },
      "characters": try Golden.characters(),
      "characters_strips": try Golden.characters { add(&$0, from: $0.tokens.count) },
      "gemma": try Golden.characters { $0.normalizer = [.replace([0x20], by: mark)] },
      "metaspace_first": try Golden.characters { $0.see(spaces: .first, splits: false) },
      "metaspace_always": try Golden.characters { $0.see(spaces: .always, splits: true) },
      "metaspace_never": try Golden.characters { $0.see(spaces: .never, splits: true) },
    ]
    for (name, tokenizer) in tokenizers {
      let encoder = tokenizer.makeEncoder()
      for item in Golden.cases {
        let wanted = item.ids[name]
        #expect(encoder.encode(item.text) == wanted, "\(name): \(item.text)")
        #expect(encoder.encode(item.text) == wanted, "\(name), again, from the cache: \(item.text)")
      }
    }
  }

  @Test("over characters, text comes back: what has no token as its bytes, the first space dropped")
  func charactersBack() throws {
    let tokenizer = try Golden.characters()
    let encoder = tokenizer.makeEncoder()
    for text in ["a b", "", "  two", "中𠮷\u{0}\u{1F468}\u{200D}", "x\n\ty "] {
      #expect(tokenizer.decode(encoder.encode(Array(text.utf8))) == Array(text.utf8), "\(text)")
    }
    let bytes: [UInt8] = [0xFF, 0x61, 0xE4, 0xB8, 0xC0]
    #expect(tokenizer.decode(encoder.encode(bytes)) == bytes)
  }

  @Test("a cache of two words changes nothing")
  func smallestCache() throws {
    let encoder = try Golden.tokenizer().makeEncoder(cacheEntries: 2)
    for item in Golden.cases { #expect(encoder.encode(item.text) == item.ids["qwen2"]) }
  }

  @Test("special tokens in text can be left as text")
  func specialAsText() throws {
    let tokenizer = try Golden.tokenizer()
    let text = Array("a<|endoftext|>b".utf8)
    let end = try #require(tokenizer.endOfDocument)
    #expect(tokenizer.makeEncoder().encode(text).contains(end))
    let plain = tokenizer.makeEncoder(matchSpecial: false).encode(text)
    #expect(!plain.contains(end))
    #expect(tokenizer.decode(plain) == text)
  }

  @Test("the longest added token wins; those marked normalized come second")
  func addedTokens() throws {
    let added = [("<a>", 600, false), ("<a>>", 601, false), ("b<a", 602, true), ("xb", 603, true)].map {
      AddedToken(id: $0.1, content: Array($0.0.utf8), special: false, normalized: $0.2)
    }
    let encoder = try Golden.tokenizer { $0.addedTokens = added }.makeEncoder()
    #expect(encoder.encode(Array("<a>><a>".utf8)) == [601, 600])
    #expect(encoder.encode(Array("xb<a>".utf8)) == [603, 600])
    #expect(encoder.encode(Array("b<a".utf8)) == [602])
  }

  @Test("any bytes come back")
  func roundTrip() throws {
    var random = SeededRandom.printed("round trip")
    let tokenizer = try Golden.tokenizer()
    let encoder = tokenizer.makeEncoder()
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 0...120, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(tokenizer.decode(encoder.encode(text)) == text)
    }
  }

  @Test("the heap for long words merges as the plain search does")
  func longWords() throws {
    var random = SeededRandom.printed("long words")
    let tables = EncodingTables(try Golden.tokenizer().definition)
    for _ in 0..<300 {
      let word = (0..<Int.random(in: 2...64, using: &random)).map { _ in
        "a= ethinor".utf8.randomElement(using: &random)!
      }
      #expect(Self.merged(word, tables) == Self.mergedByHeap(word, tables))
    }
  }

  static func merged(_ word: [UInt8], _ tables: EncodingTables) -> [UInt32] {
    var ids = [UInt32](repeating: 0, count: word.count)
    var merges = tables.view.merges
    let count = ck_merge_bytes(&merges, word, word.count, &ids)
    withExtendedLifetime(tables) {}
    return Array(ids[..<count])
  }

  private static func mergedByHeap(_ word: [UInt8], _ tables: EncodingTables) -> [UInt32] {
    var ids = [UInt32](repeating: 0, count: word.count)
    var view = tables.view
    let first = ck_first_symbols(&view, word, word.count, &ids)
    let count = ids.withUnsafeMutableBufferPointer { ids in
      LongWordMerger(table: tables.merges, first: UnsafeMutableBufferPointer(rebasing: ids[..<first]))
        .merge(output: ids.baseAddress!)
    }
    return Array(ids[..<count])
  }

  @Test("a word of 100,000 letters does not take quadratic time", .timeLimit(.minutes(1)))
  func hugeWord() throws {
    let tokenizer = try Golden.tokenizer()
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
    let ids = tokenizer.makeEncoder().encode(text)
    #expect(ids.count == text.count / 2)
    #expect(tokenizer.decode(ids) == text)
  }
}

@Suite("Words are cut only where no token spans two characters")
struct CharacterJointsTests {
  @Test("cut words give the ids of whole words")
  func cutting() throws {
    var random = SeededRandom.printed("cutting")
    let definition = try Golden.tokenizer().definition
    let tables = EncodingTables(definition)
    let encoder = try Tokenizer(definition).makeEncoder()
    let characters = Array("道可名非常无不善之为子曰知温故以观其妙徼")
    for _ in 0..<500 {
      let word = Array(
        String((0..<Int.random(in: 1...21, using: &random)).map { _ in characters.randomElement(using: &random)! }).utf8
      )
      #expect(encoder.encode(word).map { UInt32($0) } == TokenEncoderTests.merged(word, tables))
    }
  }

  @Test(
    "what joins two characters",
    arguments: [
      ([0xE9, 0x81, 0x93, 0xE5, 0x8F, 0xAF], true),  // both whole: 道可
      ([0xE9, 0x81, 0x93, 0xE5], true),  // the right one begins as 可 does, and might be any such
      ([0x81, 0x93, 0xE5, 0x8F, 0xAF], true),  // the end of 道, or of another, and 可
      ([0x93, 0xE5, 0x8F], true),
      ([0xE9, 0x81, 0x93], false),  // inside one character
      ([0xE9, 0x81, 0x93, 0x61], false),  // 道a
      ([0xE5, 0x8F, 0xAF, 0xE9, 0x81, 0x93], false),  // 可道
      ([0xE9, 0x81, 0x93, 0xE9], true),
    ])
  func joints(token: [UInt8], joined: Bool) {
    let joints = CharacterJoints(tokens: [token])
    defer { joints.deallocate() }
    #expect(joints.joined(0x9053, 0x53EF) == joined)
  }
}

extension TokenizerDefinition {
  fileprivate mutating func see(spaces prefix: CharacterModel.Prefix, splits: Bool) {
    normalizer = []
    characters?.metaspace = CharacterModel.Metaspace(prefix: prefix, splits: splits)
  }
}
