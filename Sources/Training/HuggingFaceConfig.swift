import Bytes

/// The JSON files that make a checkpoint folder load with `AutoModelForCausalLM.from_pretrained`.
public struct HuggingFaceConfig: Equatable, Sendable {
  public var shape: ModelShape
  /// Longest window the model was trained on.
  public var maxPositions: Int
  /// End of document; nil when the tokenizer names none.
  public var endToken: Int?

  public init(shape: ModelShape, maxPositions: Int, endToken: Int?) {
    self.shape = shape
    self.maxPositions = maxPositions
    self.endToken = endToken
  }

  /// `config.json`. transformers >= 5 reads rope_parameters and dtype, older ones rope_theta and torch_dtype: both
  /// are there.
  public var config: JSONValue {
    let end: JSONValue = endToken.map { .integer($0) } ?? .null
    return .object([
      "architectures": .array([.string("LlamaForCausalLM")]), "model_type": .string("llama"),
      "vocab_size": .integer(shape.vocabulary), "hidden_size": .integer(shape.hidden),
      "intermediate_size": .integer(shape.intermediate), "num_hidden_layers": .integer(shape.layers),
      "num_attention_heads": .integer(shape.heads), "num_key_value_heads": .integer(shape.kvHeads),
      "head_dim": .integer(shape.headDimension), "hidden_act": .string("silu"),
      "max_position_embeddings": .integer(maxPositions), "initializer_range": .number(0.02),
      "rms_norm_eps": .number(decimal(shape.normEpsilon)), "use_cache": .bool(true),
      "rope_theta": .number(shape.ropeTheta), "rope_scaling": .null,
      "rope_parameters": .object(["rope_type": .string("default"), "rope_theta": .number(shape.ropeTheta)]),
      "tie_word_embeddings": .bool(shape.tied), "attention_bias": .bool(false), "attention_dropout": .number(0),
      "mlp_bias": .bool(false), "pretraining_tp": .integer(1), "bos_token_id": .null, "eos_token_id": end,
      "pad_token_id": .null, "torch_dtype": .string("float32"), "dtype": .string("float32"),
    ])
  }

  public var generationConfig: JSONValue {
    let end: JSONValue = endToken.map { .integer($0) } ?? .null
    return .object(["bos_token_id": .null, "eos_token_id": end, "do_sample": .bool(false)])
  }

  /// The shape that a `config.json` describes; nil when it is no plain Llama.
  public init?(_ json: JSONValue) {
    guard json["model_type"]?.string == "llama", let vocabulary = json["vocab_size"]?.integer,
      let layers = json["num_hidden_layers"]?.integer, let hidden = json["hidden_size"]?.integer,
      let heads = json["num_attention_heads"]?.integer, let intermediate = json["intermediate_size"]?.integer,
      heads > 0, json["attention_bias"]?.bool != true, json["mlp_bias"]?.bool != true
    else { return nil }
    let theta = json["rope_parameters"]?["rope_theta"]?.number ?? json["rope_theta"]?.number ?? 10_000
    shape = ModelShape(
      vocabulary: vocabulary, layers: layers, hidden: hidden, heads: heads,
      kvHeads: json["num_key_value_heads"]?.integer ?? heads, intermediate: intermediate,
      headDimension: json["head_dim"]?.integer, ropeTheta: theta,
      normEpsilon: Float(json["rms_norm_eps"]?.number ?? 1e-6), tied: json["tie_word_embeddings"]?.bool ?? false)
    maxPositions = json["max_position_embeddings"]?.integer ?? 2048
    endToken = json["eos_token_id"]?.integer
  }

  /// The shortest decimal that reads back as the same Float: 1e-05, not 9.999999747378752e-06.
  private func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
}
