import Suites

extension SuiteScores {
  /// Evaluates `suite`; `isCancelled` of the context ends it with an error and without a result.
  public static func evaluate(_ suite: Suite, _ context: EvaluationContext) throws(EvaluationCancelled) -> SuiteScores {
    switch suite.content {
    case .ppl(let items): try PerplexityEvaluation(context).evaluate(items, task: suite.name)
    case .probe(let items): try ProbeEvaluation(context).evaluate(items, task: suite.name)
    case .benchmark(let items, let settings):
      try BenchmarkEvaluation(context, items, settings).evaluate(task: suite.name)
    }
  }
}
