import Bytes
import Testing

@testable import Tokens

@Suite("tokenizer.json: read, refused by name, written")
struct TokenizerFileTests {
  @Test("what the recorded file says")
  func recorded() throws {
    let tokenizer = try Golden.tokenizer()
    #expect(tokenizer.vocabularySize == 523)
    #expect(tokenizer.endOfDocument == 519)
    #expect(tokenizer.definition.pattern == .qwen2)
    #expect(Array(tokenizer.bytes(of: 519)) == Array("<|endoftext|>".utf8))
    #expect(tokenizer.bytes(of: 0).elementsEqual("!".utf8))
    #expect(tokenizer.bytes(of: -1).isEmpty && tokenizer.bytes(of: 523).isEmpty)
  }

  @Test("written and read again it is the same", arguments: SplitPattern.allCases)
  func writtenAndRead(pattern: SplitPattern) throws {
    let first = try Golden.tokenizer { $0.pattern = pattern }.definition
    let second = try Tokenizer(json: first.tokenizerJSON()).definition
    #expect(second.pattern == pattern)
    #expect(second.tokens == first.tokens)
    #expect(second.merges == first.merges)
    #expect(second.addedTokens == first.addedTokens)
  }

  @Test("NFC, stripping tokens and a model over characters are written and read again")
  func otherParts() throws {
    var first = try Golden.characters().definition
    first.addedTokens.append(
      AddedToken(id: Int32(first.tokens.count), content: [0x3C, 0x78], stripsLeft: true, stripsRight: true))
    for normalizer in [[], [.composed], first.normalizer] as [[NormalizerStep]] {
      first.normalizer = normalizer
      first.characters?.metaspace = normalizer.isEmpty ? .init(prefix: .first, splits: true) : nil
      let second = try Tokenizer(json: first.tokenizerJSON()).definition
      #expect(second.normalizer == first.normalizer && second.characters == first.characters)
      #expect(second.tokens == first.tokens && second.merges == first.merges)
      #expect(second.addedTokens == first.addedTokens)
    }
  }

  @Test("a model over characters needs a token for every byte")
  func missingByte() throws {
    var definition = try Golden.characters().definition
    definition.tokens[definition.tokens.firstIndex(of: Array("<0x0A>".utf8))!] = nil
    let error = #expect(throws: TokenizerError.self) { try Tokenizer(definition) }
    #expect(error?.description.contains("<0x0A>") == true)
  }

  @Test(
    "what published tokenizers call the end of a document",
    arguments: ["<|endoftext|>", "<|end_of_text|>", "<｜end▁of▁sentence｜>", "</s>", "<eos>"])
  func endOfDocument(text: String) throws {
    let tokenizer = try Golden.tokenizer { $0.addedTokens = [AddedToken(id: 600, content: Array(text.utf8))] }
    #expect(tokenizer.endOfDocument == 600)
    let config = try JSONParser.parse(tokenizer.definition.tokenizerConfigJSON(longestText: 8))
    #expect(config["eos_token"]?.string == text)
  }

  @Test("merges of older files, written as one text")
  func oldMerges() throws {
    let merges = try Golden.tokenizer().definition.merges
    var old = try JSONParser.parse(Golden.tokenizerJSON)
    let list = old["model"]?["merges"]?.array ?? []
    let spelt = list.map { pair in
      JSONValue.text(pair.array?.compactMap(\.bytes).joined(separator: [0x20]).map { $0 } ?? [])
    }
    old.set(["model", "merges"], to: .array(spelt))
    #expect(!spelt.isEmpty)
    #expect(try Tokenizer(json: JSONWriter.compact(old)).definition.merges == merges)
  }

  @Test("Hugging Face numbers added tokens anew: the model's id, or the next free one")
  func addedTokenIDs() throws {
    var file = try JSONParser.parse(Golden.tokenizerJSON)
    file.set(
      ["added_tokens"],
      to: .array(["know", "<x>", "<x>", "<y>"].map { .object(["id": .integer(9_000), "content": .string($0)]) }))
    let tokenizer = try Tokenizer(json: JSONWriter.compact(file))
    let known = try #require(tokenizer.definition.tokens.firstIndex(of: Array("know".utf8)))
    #expect(tokenizer.definition.addedTokens.map(\.id) == [Int32(known), 519, 520])
  }

  static let refused: [(path: [String], value: JSONValue, part: String)] = [
    (["normalizer"], .object(["type": .string("NFKC")]), "normalizer"),
    (["decoder"], .null, "decoder"),
    (["truncation"], .object(["max_length": .integer(8)]), "truncation"),
    (["model", "type"], .string("WordPiece"), "model.type"),
    (["model", "dropout"], .number(0.1), "model.dropout"),
    (["model", "byte_fallback"], .bool(true), "pre_tokenizer"),
    (["model", "unk_token"], .string("<unk>"), "model.unk_token"),
    (["pre_tokenizer"], .null, "pre_tokenizer"),
    (["pre_tokenizer"], .object(["type": .string("ByteLevel"), "add_prefix_space": .bool(true)]), "add_prefix_space"),
    (["pre_tokenizer", "pretokenizers"], .array([]), "pre_tokenizer"),
    (
      ["added_tokens"], .array([.object(["content": .string("x"), "single_word": .bool(true)])]),
      "added_tokens[0].single_word"
    ),
    (["model", "merges"], .array([.array([.string("no"), .string("such")])]), "model.merges[0]"),
    (["model", "vocab"], .object(["a": .integer(0)]), "model.merges[0]"),
  ]

  @Test("parts that would change the ids are refused by name", arguments: refused)
  func refusal(path: [String], value: JSONValue, part: String) throws {
    var file = try JSONParser.parse(Golden.tokenizerJSON)
    file.set(path, to: value)
    let json = JSONWriter.compact(file)
    let error = #expect(throws: TokenizerError.self) { try Tokenizer(json: json) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  @Test("an unknown regular expression is refused, and so is what is not JSON")
  func unknownPattern() throws {
    var file = try JSONParser.parse(Golden.tokenizerJSON)
    let split: JSONValue = .object([
      "type": .string("Split"), "pattern": .object(["Regex": .string("\\w+")]), "behavior": .string("Isolated"),
    ])
    let bytes: JSONValue = .object([
      "type": .string("ByteLevel"), "add_prefix_space": .bool(false), "use_regex": .bool(false),
    ])
    file.set(["pre_tokenizer", "pretokenizers"], to: .array([split, bytes]))
    let json = JSONWriter.compact(file)
    let error = #expect(throws: TokenizerError.self) { try Tokenizer(json: json) }
    #expect(error?.description.contains("pretokenizers[0].pattern") == true)
    #expect(throws: TokenizerError.self) { try Tokenizer(json: Array("[1".utf8)) }
  }

  @Test("tokenizer_config.json names the class and the end of a document")
  func configuration() throws {
    let config = try JSONParser.parse(Golden.tokenizer().definition.tokenizerConfigJSON(longestText: 2048))
    #expect(config["tokenizer_class"]?.string == "PreTrainedTokenizerFast")
    #expect(config["eos_token"]?.string == "<|endoftext|>")
    #expect(config["bos_token"]?.isNull == true)
    #expect(config["model_max_length"]?.integer == 2048)
    #expect(config["added_tokens_decoder"]?["519"]?["special"]?.bool == true)
  }
}

extension JSONValue {
  /// Replaces the value at a path of existing keys.
  fileprivate mutating func set(_ path: [String], to value: JSONValue) {
    guard let key = path.first else {
      self = value
      return
    }
    guard case .object(var members) = self else { return }
    for index in members.indices where members[index].name == key {
      members[index].value.set(Array(path.dropFirst()), to: value)
    }
    self = .object(members)
  }
}
