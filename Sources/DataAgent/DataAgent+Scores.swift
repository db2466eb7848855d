extension DataAgent {
  /// Documents wait for `score.command`; with `--until-idle` not for ever.
  func waitForScores(_ reason: String) throws -> Bool {
    enter(.held, reason)
    if options.untilIdle, let scorer = state.scorer, scorer.failures >= CommandScorer.patience {
      throw CommandScorer.GaveUp(description: reason)
    }
    return false
  }
}
