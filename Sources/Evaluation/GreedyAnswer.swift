import Training

/// What greedy decoding says after a prompt: one line at most.
struct GreedyAnswer {
  /// The text before the first new line or end of document.
  let text: [UInt8]
  let tokens: Int

  /// - Parameter prompt: fits into the context together with `maxTokens`.
  init(prompt: [Int32], maxTokens: Int, _ context: EvaluationContext) {
    var said: [Int32] = []
    var text: [UInt8] = []
    let codec = context.codec
    _ = context.model.generate(prompt: prompt, maxTokens: maxTokens) { logits in
      let next = GreedyAnswer.likeliest(logits)
      if next == codec.endOfDocument { return nil }
      said.append(next)
      // Bytes of a token do not depend on its neighbours, so the line's end is seen at once.
      let bytes = codec.decode([next])
      text += bytes.prefix { $0 != 0x0A }
      return bytes.contains(0x0A) ? nil : next
    }
    self.text = text
    tokens = said.count
  }

  /// The likeliest token, the first of equals.
  static func likeliest(_ logits: UnsafeBufferPointer<Float>) -> Int32 {
    var best = 0
    for index in 1..<max(1, logits.count) where logits[index] > logits[best] { best = index }
    return Int32(best)
  }
}
