import Bytes

/// Reads a Hugging Face `tokenizer.json`. What this tokenizer would not follow exactly is refused by name.
///
/// The post-processor is passed over: it only adds sequence marks (or changes offsets), and documents are encoded
/// without them, as with `add_special_tokens=False`.
struct TokenizerFile {
  private let root: JSONValue

  init(json: [UInt8]) throws(TokenizerError) {
    do throws(JSONError) {
      root = try JSONParser.parse(json)
    } catch {
      throw .malformed("\(error)")
    }
    guard root.members != nil else { throw .malformed("not a JSON object") }
  }

  func definition() throws(TokenizerError) -> TokenizerDefinition {
    try refuseUnlessAbsent(root, "", ["truncation", "padding"])
    let model = try member(root, "", "model")
    try checkModel(model)
    let normalizer = try NormalizerFile.steps(root["normalizer"])
    let characters = try characters(model, normalizer)
    var pattern = SplitPattern.gpt2
    if characters == nil {
      try DecoderFile.checkBytes(root["decoder"])
      pattern = try PreTokenizerFile.pattern(try member(root, "", "pre_tokenizer"))
    }
    var vocabulary = VocabularyReader(isByteLevel: characters == nil)
    try vocabulary.read(try member(model, "model", "vocab"))
    var merges: [Merge] = []
    let list = try member(model, "model", "merges").array ?? []
    merges.reserveCapacity(list.count)
    for (rank, merge) in list.enumerated() { merges.append(try vocabulary.merge(merge, rank: rank)) }
    var definition = TokenizerDefinition(
      pattern: pattern, tokens: vocabulary.tokens, merges: merges, addedTokens: [],
      ignoreMerges: model["ignore_merges"]?.bool ?? false)
    definition.characters = characters
    definition.normalizer = normalizer
    definition.literalIDs = vocabulary.literalIDs
    definition.addedTokens = try addedTokens(vocabulary)
    return definition
  }

  /// What says that the model is one over characters: bytes to fall back on.
  private func characters(
    _ model: JSONValue, _ normalizer: [NormalizerStep]
  ) throws(TokenizerError) -> CharacterModel? {
    guard model["byte_fallback"]?.bool == true else { return nil }
    if model["ignore_merges"]?.bool == true {
      throw .unsupported(part: "model.ignore_merges", reason: "must be false where byte_fallback is true")
    }
    return CharacterModel(
      metaspace: try PreTokenizerFile.metaspace(root["pre_tokenizer"], normalizer),
      dropsFirstSpace: try DecoderFile.dropsFirstSpace(root["decoder"]))
  }

  private func checkModel(_ model: JSONValue) throws(TokenizerError) {
    guard model["type"]?.string ?? "BPE" == "BPE" else {
      throw .unsupported(part: "model.type", reason: "\(model["type"]?.string ?? "none"); only BPE")
    }
    if let dropout = model["dropout"]?.number, dropout != 0 {
      throw .unsupported(part: "model.dropout", reason: "\(dropout); ids would be random")
    }
    try refuseUnlessAbsent(model, "model.", ["continuing_subword_prefix", "end_of_word_suffix"])
    // With all bytes to fall back on nothing is unknown.
    if model["byte_fallback"]?.bool != true { try refuseUnlessAbsent(model, "model.", ["unk_token", "fuse_unk"]) }
  }

  /// Each key must be absent, null, false or empty text.
  private func refuseUnlessAbsent(_ value: JSONValue, _ path: String, _ keys: [String]) throws(TokenizerError) {
    for key in keys {
      guard let found = value[key], !found.isNull, found.bool != false, found.bytes?.isEmpty != true else { continue }
      throw .unsupported(part: path + key, reason: "must be null")
    }
  }

  /// Hugging Face numbers added tokens anew: the model's id if its vocabulary has the text, else the next free one.
  private func addedTokens(_ vocabulary: VocabularyReader) throws(TokenizerError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    var seen = ByteStringTable()
    var highest: Int32 = -1
    for (index, value) in (root["added_tokens"]?.array ?? []).enumerated() {
      let part = "added_tokens[\(index)]"
      guard let content = value["content"]?.bytes, !content.isEmpty else {
        throw .inconsistent(part: part, reason: "no content")
      }
      if value["single_word"]?.bool ?? false {
        throw .unsupported(part: "\(part).single_word", reason: "must be false")
      }
      if seen.insert(content) != tokens.count { continue }
      let known = vocabulary.id(ofText: content)
      let id = known ?? max(Int32(vocabulary.count), highest + 1)
      highest = max(highest, id)
      // In a vocabulary with holes the number may be taken: a text would hold marks that nobody wrote.
      if known == nil, Int(id) < vocabulary.tokens.count, vocabulary.tokens[Int(id)] != nil {
        throw .inconsistent(
          part: part, reason: "it would get the id \(id), which is another token's; number the vocabulary without holes"
        )
      }
      tokens.append(
        AddedToken(
          id: id, content: content, special: value["special"]?.bool ?? false,
          normalized: value["normalized"]?.bool ?? false, stripsLeft: value["lstrip"]?.bool ?? false,
          stripsRight: value["rstrip"]?.bool ?? false))
    }
    return tokens
  }

  private func member(_ value: JSONValue, _ path: String, _ key: String) throws(TokenizerError) -> JSONValue {
    guard let found = value[key] else {
      throw .inconsistent(part: path.isEmpty ? key : "\(path).\(key)", reason: "is missing")
    }
    return found
  }
}

extension Tokenizer {
  /// Reads a Hugging Face `tokenizer.json`.
  public convenience init(json: [UInt8]) throws(TokenizerError) {
    try self.init(try TokenizerFile(json: json).definition())
  }
}
