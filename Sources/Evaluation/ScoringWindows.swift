import Training

/// One row for the model and which of its scores count.
struct ScoringWindow: Equatable {
  /// Tokens of the document, the end-of-document token before it counted as the first.
  let range: Range<Int>
  /// Scores of the row before this one belong to tokens that an earlier window scored.
  let firstCounted: Int

  /// Cuts `count` tokens into windows in which the model sees at most `contextLength` tokens.
  ///
  /// The first window begins at the first token; each further one goes on half a window later, so that a token of a
  /// long document has at least half a window before it. Every token but the first is counted exactly once.
  static func cut(count: Int, contextLength: Int) -> [ScoringWindow] {
    guard count >= 2 else { return [] }
    let stride = max(1, contextLength / 2)
    var windows: [ScoringWindow] = []
    var start = 0
    // The first token that no window has scored.
    var next = 1
    while next < count {
      let end = min(start + contextLength + 1, count)
      windows.append(ScoringWindow(range: start..<end, firstCounted: next - start - 1))
      next = end
      start += stride
    }
    return windows
  }
}

extension EvaluationContext {
  /// The score of every token of every text, given the end-of-document token and the text before it.
  func scoreTexts(_ texts: [[UInt8]]) throws(EvaluationCancelled) -> [[TokenScore]] {
    var rows: [[Int32]] = []
    var plans: [[ScoringWindow]] = []
    for text in texts {
      let tokens = [codec.endOfDocument] + codec.encode(text)
      let windows = ScoringWindow.cut(count: tokens.count, contextLength: contextLength)
      rows += windows.map { Array(tokens[$0.range]) }
      plans.append(windows)
    }
    let scored = try score(rows)
    var next = 0
    return plans.map { windows in
      var scores: [TokenScore] = []
      for window in windows {
        scores += scored[next][window.firstCounted...]
        next += 1
      }
      return scores
    }
  }
}

extension Sequence<TokenScore> {
  /// Sum of ln p.
  var logProbability: Double { reduce(0) { $0 + Double($1.logProbability) } }
}
