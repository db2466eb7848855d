/// The shape of a Llama model: RoPE (rotate-half), grouped-query attention, RMSNorm, SwiGLU.
public struct ModelShape: Equatable, Sendable {
  /// All ids: merges, special, reserved and padding.
  public var vocabulary: Int
  public var layers: Int
  /// Width of the residual stream; `heads * headDimension` need not be equal to it.
  public var hidden: Int
  public var heads: Int
  public var kvHeads: Int
  public var intermediate: Int
  public var headDimension: Int
  public var ropeTheta: Double
  public var normEpsilon: Float
  /// True when the output projection is the embedding itself.
  public var tied: Bool

  public init(
    vocabulary: Int, layers: Int, hidden: Int, heads: Int, kvHeads: Int, intermediate: Int, headDimension: Int? = nil,
    ropeTheta: Double = 10_000, normEpsilon: Float = 1e-5, tied: Bool = true
  ) {
    self.vocabulary = vocabulary
    self.layers = layers
    self.hidden = hidden
    self.heads = heads
    self.kvHeads = kvHeads
    self.intermediate = intermediate
    self.headDimension = headDimension ?? hidden / heads
    self.ropeTheta = ropeTheta
    self.normEpsilon = normEpsilon
    self.tied = tied
  }

  /// Every tensor in Hugging Face's names and shapes ([out, in], row-major), in the fixed order all our files use.
  public var tensors: [TensorInfo] {
    var list = [TensorInfo("model.embed_tokens.weight", [vocabulary, hidden])]
    for layer in 0..<layers {
      let prefix = "model.layers.\(layer)."
      list.append(TensorInfo(prefix + "input_layernorm.weight", [hidden]))
      list.append(TensorInfo(prefix + "self_attn.q_proj.weight", [heads * headDimension, hidden]))
      list.append(TensorInfo(prefix + "self_attn.k_proj.weight", [kvHeads * headDimension, hidden]))
      list.append(TensorInfo(prefix + "self_attn.v_proj.weight", [kvHeads * headDimension, hidden]))
      list.append(TensorInfo(prefix + "self_attn.o_proj.weight", [hidden, heads * headDimension]))
      list.append(TensorInfo(prefix + "post_attention_layernorm.weight", [hidden]))
      list.append(TensorInfo(prefix + "mlp.gate_proj.weight", [intermediate, hidden]))
      list.append(TensorInfo(prefix + "mlp.up_proj.weight", [intermediate, hidden]))
      list.append(TensorInfo(prefix + "mlp.down_proj.weight", [hidden, intermediate]))
    }
    list.append(TensorInfo("model.norm.weight", [hidden]))
    if !tied { list.append(TensorInfo("lm_head.weight", [vocabulary, hidden])) }
    return list
  }

  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }
}

/// Name and shape of one parameter tensor.
public struct TensorInfo: Equatable, Sendable {
  public let name: String
  public let shape: [Int]
  public var count: Int { shape.reduce(1, *) }

  public init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }
}
