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
    try checkNormalizer()
    try checkDecoder()
    let pattern = try pattern()
    let (model, path) = (try member(root, "", "model"), "model")
    try checkModel(model)
    var vocabulary = VocabularyReader()
    try vocabulary.read(try member(model, path, "vocab"))
    var merges: [Merge] = []
    for (rank, merge) in (try member(model, path, "merges").array ?? []).enumerated() {
      merges.append(try vocabulary.merge(merge, rank: rank))
    }
    var definition = TokenizerDefinition(
      pattern: pattern, tokens: vocabulary.tokens, merges: merges, addedTokens: [],
      ignoreMerges: model["ignore_merges"]?.bool ?? false)
    definition.literalIDs = vocabulary.literalIDs
    definition.addedTokens = try addedTokens(vocabulary)
    return definition
  }

  private func checkNormalizer() throws(TokenizerError) {
    guard let normalizer = root["normalizer"], !normalizer.isNull else { return }
    let type = normalizer["type"]?.string ?? "without type"
    if type == "Sequence", normalizer["normalizers"]?.array?.isEmpty == true { return }
    throw .unsupported(part: "normalizer", reason: "\(type); set it to null and normalise the text beforehand")
  }

  private func checkDecoder() throws(TokenizerError) {
    let type = root["decoder"]?["type"]?.string
    guard type == "ByteLevel" else {
      throw .unsupported(part: "decoder", reason: "\(type ?? "none"); only ByteLevel gives back every byte")
    }
  }

  private func checkModel(_ model: JSONValue) throws(TokenizerError) {
    guard model["type"]?.string ?? "BPE" == "BPE" else {
      throw .unsupported(part: "model.type", reason: "\(model["type"]?.string ?? "none"); only BPE")
    }
    if let dropout = model["dropout"]?.number, dropout != 0 {
      throw .unsupported(part: "model.dropout", reason: "\(dropout); ids would be random")
    }
    try refuseUnlessAbsent(
      model, "model.", ["unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback"])
  }

  /// Each key must be absent, null, false or empty text.
  private func refuseUnlessAbsent(_ value: JSONValue, _ path: String, _ keys: [String]) throws(TokenizerError) {
    for key in keys {
      guard let found = value[key], !found.isNull, found.bool != false, found.bytes?.isEmpty != true else { continue }
      throw .unsupported(part: path + key, reason: "must be null")
    }
  }

  private func pattern() throws(TokenizerError) -> SplitPattern {
    let part = "pre_tokenizer"
    let value = try member(root, "", part)
    if value["type"]?.string == "ByteLevel" {
      try checkByteLevel(value, part, useRegex: true)
      return .gpt2
    }
    guard value["type"]?.string == "Sequence", let steps = value["pretokenizers"]?.array, steps.count == 2,
      steps[0]["type"]?.string == "Split", steps[1]["type"]?.string == "ByteLevel"
    else {
      throw .unsupported(part: part, reason: "must be ByteLevel alone or Sequence[Split, ByteLevel]")
    }
    try checkByteLevel(steps[1], part + ".pretokenizers[1]", useRegex: false)
    let split = part + ".pretokenizers[0]"
    guard steps[0]["behavior"]?.string == "Isolated", steps[0]["invert"]?.bool != true else {
      throw .unsupported(part: split, reason: "behavior must be Isolated and invert false")
    }
    let expression = steps[0]["pattern"]?["Regex"]?.string
    guard let known = SplitPattern.allCases.first(where: { $0.expression == expression }) else {
      let names = SplitPattern.allCases.map(\.rawValue).joined(separator: ", ")
      throw .unsupported(part: split + ".pattern", reason: "only the expressions of \(names) are known")
    }
    return known
  }

  private func checkByteLevel(_ value: JSONValue, _ part: String, useRegex: Bool) throws(TokenizerError) {
    if value["add_prefix_space"]?.bool ?? true {
      throw .unsupported(part: part + ".add_prefix_space", reason: "must be false")
    }
    if value["use_regex"]?.bool ?? true != useRegex {
      throw .unsupported(part: part + ".use_regex", reason: "must be \(useRegex) here")
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
      for flag in ["single_word", "lstrip", "rstrip"] where value[flag]?.bool ?? false {
        throw .unsupported(part: "\(part).\(flag)", reason: "must be false")
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
          normalized: value["normalized"]?.bool ?? false))
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

/// The vocabulary of a file: ids by their spelling, and the bytes they stand for.
struct VocabularyReader {
  private(set) var tokens: [[UInt8]?] = []
  /// Ids spelt with characters outside the byte alphabet.
  private(set) var literalIDs: Set<Int32> = []
  private(set) var count = 0
  private var spellings = ByteStringTable(capacity: 1 << 17)
  private var ids: [Int32] = []

  mutating func read(_ vocabulary: JSONValue) throws(TokenizerError) {
    guard let members = vocabulary.members, !members.isEmpty else {
      throw .inconsistent(part: "model.vocab", reason: "must be an object that is not empty")
    }
    for member in members {
      guard let id = member.value.integer, id >= 0, id < MergeTable.idLimit - 1 else {
        throw .inconsistent(
          part: "model.vocab", reason: "the id of \"\(member.name)\" is not in 0...\(MergeTable.idLimit - 2)")
      }
      if id >= tokens.count { tokens.append(contentsOf: repeatElement(nil, count: id + 1 - tokens.count)) }
      guard tokens[id] == nil, spellings.insert(member.key) == ids.count else {
        throw .inconsistent(part: "model.vocab", reason: "\"\(member.name)\" or its id \(id) stands there twice")
      }
      ids.append(Int32(id))
      if let bytes = ByteAlphabet.decoded(member.key) {
        tokens[id] = bytes
      } else {
        tokens[id] = member.key
        literalIDs.insert(Int32(id))
      }
    }
    count = members.count
  }

  /// The id of a token by its spelling in the file.
  func id(ofText text: some Collection<UInt8>) -> Int32? { spellings.find(text).map { ids[$0] } }

  /// A merge, spelt `["a", "b"]` or `"a b"`.
  func merge(_ value: JSONValue, rank: Int) throws(TokenizerError) -> Merge {
    var parts: [ArraySlice<UInt8>] = []
    if let pair = value.array {
      parts = pair.compactMap { $0.bytes.map { $0[...] } }
    } else if let line = value.bytes {
      parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    }
    guard parts.count == 2 else {
      throw .inconsistent(part: "model.merges[\(rank)]", reason: "must be a pair of tokens")
    }
    guard let left = id(ofText: parts[0]), let right = id(ofText: parts[1]),
      let result = id(ofText: parts[0] + parts[1])
    else {
      throw .inconsistent(
        part: "model.merges[\(rank)]",
        reason:
          "\(parts.map { "\"" + String(decoding: $0, as: UTF8.self) + "\"" }.joined(separator: " + ")) or what it "
          + "makes is not in the vocabulary")
    }
    return Merge(left: left, right: right, result: result)
  }
}

extension Tokenizer {
  /// Reads a Hugging Face `tokenizer.json` of a byte-level BPE.
  public convenience init(json: [UInt8]) throws(TokenizerError) {
    try self.init(try TokenizerFile(json: json).definition())
  }
}
