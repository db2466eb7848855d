import Posix
import Spool

/// The sentinels that the agent takes: `hold` while it exists, `flush` and `reload` once. Others of its verbs are told.
final class AgentControl {
  private let folder: ControlFolder
  private(set) var flushes: [ControlRequest] = []

  private let patience: DiskPatience

  init(_ layout: SpoolLayout, _ rules: ControlRules, _ patience: DiskPatience) throws(SystemError) {
    self.patience = patience
    folder = try ControlFolder(layout: layout, role: .agent, rules: rules)
  }

  /// On a full disk the answer waits for room; the request is not lost meanwhile.
  private func answer(
    _ request: ControlRequest, _ state: ControlState, _ place: ControlPlace = ControlPlace(), message: String = ""
  ) throws(SystemError) {
    try patience.wait(.finish) { () throws(SystemError) in
      try folder.update(request, state, place, message: message)
    }
  }

  /// Looks at `control/`.
  func poll(state: AgentState) throws(SystemError) {
    let requests = try patience.wait(.finish) { () throws(SystemError) in try folder.poll() }
    flushes.removeAll { !folder.isOpen($0) }
    for request in requests where folder.isOpen(request) {
      switch request.verb {
      case .flush:
        if let block = state.blocks.first(where: { $0.request == request.sequence }) {
          try finish(request, block)
        } else {
          flushes.append(request)
        }
      default:
        try answer(
          request, .rejected,
          message: "'\(request.verb.rawValue)' is not known to this version; stop the agent, change the "
            + "configuration and start it again")
      }
    }
  }

  /// True when the agent must leave in order and begin anew.
  func obeyReload(_ judge: () -> ReloadVerdict) throws(SystemError) -> Bool {
    try patience.wait(.finish) { () throws(SystemError) in try folder.obeyReload(judge) }
  }

  func markCleanStop() throws(SystemError) {
    try patience.wait(.finish) { () throws(SystemError) in try folder.markCleanStop() }
  }

  /// True while `control/hold` is there.
  func isHeld(block: Int) throws(SystemError) -> Bool {
    try patience.wait(.finish) { () throws(SystemError) in try folder.isInForce(.hold, ControlPlace(block: block)) }
  }

  func putBack(_ request: ControlRequest) { flushes.insert(request, at: 0) }

  /// The first flush whose moment has come: `at=block:K` waits until K is the next block.
  func takeFlush(block: Int) throws(SystemError) -> ControlRequest? {
    guard let index = flushes.firstIndex(where: { $0.isDue(step: .max, block: block) }) else { return nil }
    let request = flushes.remove(at: index)
    try answer(request, .running, ControlPlace(block: block))
    return request
  }

  func finish(_ request: ControlRequest, _ block: PublishedBlock?) throws(SystemError) {
    if let block {
      try answer(
        request, .done, ControlPlace(block: block.number), message: "block \(block.number) holds \(block.tokens) tokens"
      )
    } else {
      try answer(request, .failed, message: "there are no documents that were not used yet")
    }
  }
}
