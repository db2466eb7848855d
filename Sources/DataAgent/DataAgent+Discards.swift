/// Blocks that are withdrawn and composed anew, before anything else is composed.
extension DataAgent {
  /// Carries out requests to discard. False while one cannot be read: until then nothing may be composed.
  func withdraw() throws -> Bool {
    guard let requests = control.takeDiscards() else { return false }
    if requests.isEmpty { return true }
    enter(.composing, "withdraws blocks")
    for request in requests { try discards.begin(request) }
    nothingToFlush = false
    return true
  }

  /// Gives a withdrawn number its next block, however many wait for the trainer: it had one.
  func composeAnew() throws -> Bool {
    guard let work = try discards.unfinished() else { return false }
    let isShort = !state.canCompose
    if !isShort || work.isShort,
      try compose(BlockMaker(state: state), short: isShort, request: 0) != nil
    {
      return true
    }
    try discards.finish()
    return true
  }
}
