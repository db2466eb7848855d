import Deduplication

/// Blocks that wait for `dedupe.target_tokens`.
extension DataAgent {
  /// Why no block is cut although there may be documents enough for one.
  var waitsForTokens: String {
    guard !state.isThresholdSettled, state.tokenizer != nil,
      let most = state.targetsMissing.max(by: { $0.missing < $1.missing }), most.missing > 0
    else { return "" }
    return "no block before dedupe.target_tokens are there: \(most.missing) tokens are missing"
      + (most.name == TokenTargets.rest ? "" : " of \(most.name)") + "; touch control/flush to do with what there is"
  }
}
