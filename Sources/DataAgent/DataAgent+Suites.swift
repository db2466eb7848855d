/// Suites that come, change and go.
extension DataAgent {
  /// Notices them, and judges the documents that came before them. Where a block is decided and not published yet, that
  /// comes first: it follows from the states as they were.
  /// - Returns: whether something was done when nothing else may be; nil to go on with the turn.
  func decontaminate(mayCommit: Bool) throws -> Bool? {
    let isKnown = try suites.look { queue.judgeAgain(preparation, $0) }
    if !isKnown {
      enter(.starting, "a suite under eval/suites/ is being written or may not be read")
      return false
    }
    guard suites.isPending else { return nil }
    enter(.working, suites.message)
    try suites.judgeNext()
    // Documents are taken in meanwhile, up to the next cut: what is cut has been judged.
    let isCut = state.canCompose || state.isThresholdDue || commit.isSampleComplete || suites.isCountDue
    if suites.isPending, mayCommit, !isCut, !queue.isEmpty { _ = try commitNext() }
    return true
  }
}
