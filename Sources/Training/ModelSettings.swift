import Settings

/// Section `model`: the shape of the Llama model.
public struct ModelSettings: SettingsSection {
  public static let name = "model"
  public static let summary = """
    The shape of the model: Llama with RoPE (rotate-half), grouped-query attention, RMSNorm and SwiGLU. Fixed once \
    the run has its first checkpoint.
    """

  public var layers = 12
  public var hidden = 768
  public var heads = 12
  public var kvHeads = 4
  public var intermediate = 2048
  /// 0 = hidden / heads.
  public var headDimension = 0
  public var tied = true
  public var ropeTheta = 10_000.0
  public var normEpsilon = 1e-5

  public init() {}

  public static let keys: [SettingKey<ModelSettings>] = [
    .integer("layers", \.layers, 1...256, "decoder layers"),
    .integer("hidden", \.hidden, 8...65_536, "width of the residual stream"),
    .integer("heads", \.heads, 1...512, "query heads"),
    .integer("kv_heads", \.kvHeads, 1...512, "key and value heads; heads must be a multiple"),
    .integer("intermediate", \.intermediate, 8...262_144, "width inside the feed-forward part"),
    .integer("head_dim", \.headDimension, 0...1024, "width of a head; 0 = hidden / heads"),
    .flag("tied", \.tied, "the output projection is the embedding itself"),
    .number("rope_theta", \.ropeTheta, 1...1e12, "base of the rotary frequencies, unless a phase says another"),
    .number("norm_eps", \.normEpsilon, 1e-12...0.1, "added to the mean square in RMSNorm"),
  ]

  public func validate() throws(SettingError) {
    if heads % kvHeads != 0 {
      throw SettingError("model.heads (\(heads)) must be a multiple of model.kv_heads (\(kvHeads))")
    }
    if headDimension == 0 && hidden % heads != 0 {
      throw SettingError(
        "model.hidden (\(hidden)) must be a multiple of model.heads (\(heads)), or give model.head_dim")
    }
    let width = headDimension > 0 ? headDimension : hidden / heads
    if width % 2 != 0 { throw SettingError("the width of a head (\(width)) must be even: RoPE turns pairs") }
    for (key, value) in [("hidden", hidden), ("intermediate", intermediate)] where value % 8 != 0 {
      throw SettingError("model.\(key) (\(value)) must be a multiple of 8; frameworks and kernels count on it")
    }
  }

  public func shape(vocabulary: Int) -> ModelShape {
    ModelShape(
      vocabulary: vocabulary, layers: layers, hidden: hidden, heads: heads, kvHeads: kvHeads,
      intermediate: intermediate,
      headDimension: headDimension > 0 ? headDimension : nil, ropeTheta: ropeTheta, normEpsilon: Float(normEpsilon),
      tied: tied)
  }

  /// One line for people: the shape and its number of parameters.
  public func described(vocabulary: Int) -> String {
    let shape = shape(vocabulary: vocabulary)
    return "\(layers) layers of \(hidden) (\(heads)/\(kvHeads) heads, feed-forward \(intermediate)), vocabulary "
      + "\(vocabulary)\(tied ? " tied" : ""): \(shape.parameterCount) parameters"
  }
}
