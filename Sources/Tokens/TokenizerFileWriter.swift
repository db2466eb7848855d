import Bytes

extension TokenizerDefinition {
  /// The definition as a Hugging Face `tokenizer.json`.
  public func tokenizerJSON() -> [UInt8] {
    var out = JSONWriter()
    out.beginObject()
    out.key("version")
    out.value(.string("1.0"))
    for key in ["truncation", "padding"] {
      out.key(key)
      out.value(.null)
    }
    out.key("added_tokens")
    out.value(.array(addedTokens.map(Self.json)))
    out.key("normalizer")
    out.value(NormalizerFile.json(normalizer))
    out.key("pre_tokenizer")
    out.value(PreTokenizerFile.json(self))
    out.key("post_processor")
    out.value(.null)
    out.key("decoder")
    out.value(DecoderFile.json(self))
    out.key("model")
    writeModel(&out)
    out.endObject()
    out.newline()
    return out.bytes
  }

  private static func json(_ token: AddedToken) -> JSONValue {
    .object([
      "id": .integer(Int(token.id)), "content": .text(token.content), "single_word": .bool(false),
      "lstrip": .bool(token.stripsLeft), "rstrip": .bool(token.stripsRight), "normalized": .bool(token.normalized),
      "special": .bool(token.special),
    ])
  }

  private func writeModel(_ out: inout JSONWriter) {
    out.beginObject()
    out.key("type")
    out.value(.string("BPE"))
    for key in ["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"] {
      out.key(key)
      out.value(.null)
    }
    for (key, value) in [("fuse_unk", false), ("byte_fallback", characters != nil), ("ignore_merges", ignoreMerges)] {
      out.key(key)
      out.value(.bool(value))
    }
    let spellings = tokens.indices.map { spelling(of: $0) }
    out.key("vocab")
    out.value(
      .object(spellings.enumerated().compactMap { id, key in key.map { JSONMember(key: $0, value: .integer(id)) } }))
    out.key("merges")
    out.value(
      .array(merges.map { .array([.text(spellings[Int($0.left)] ?? []), .text(spellings[Int($0.right)] ?? [])]) }))
    out.endObject()
  }

  private func spelling(of id: Int) -> [UInt8]? {
    guard let token = tokens[id] else { return nil }
    return characters != nil || literalIDs.contains(Int32(id)) ? token : ByteAlphabet.encoded(token)
  }

  /// The `tokenizer_config.json` beside it, for `transformers`; `longestText` is the model's context in tokens.
  public func tokenizerConfigJSON(longestText: Int) -> [UInt8] {
    let decoder = addedTokens.map { token in
      JSONMember(
        "\(token.id)",
        .object([
          "content": .text(token.content), "lstrip": .bool(token.stripsLeft), "normalized": .bool(token.normalized),
          "rstrip": .bool(token.stripsRight), "single_word": .bool(false), "special": .bool(token.special),
        ]))
    }
    return JSONWriter.pretty(
      .object([
        "tokenizer_class": .string("PreTrainedTokenizerFast"), "bos_token": .null,
        "eos_token": endOfDocument.map { .text($0.text) } ?? .null, "model_max_length": .integer(longestText),
        "clean_up_tokenization_spaces": .bool(false), "added_tokens_decoder": .object(decoder),
      ]))
  }
}
