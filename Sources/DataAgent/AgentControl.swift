import Posix
import Spool

/// The sentinels that the agent takes: `hold` while it exists, `flush` once, `reload`. Others of its verbs are answered.
final class AgentControl {
  private let folder: ControlFolder
  private(set) var flushes: [ControlRequest] = []

  init(_ layout: SpoolLayout, _ rules: ControlRules) throws(SystemError) {
    folder = try ControlFolder(layout: layout, role: .agent, rules: rules)
  }

  /// Looks at `control/`.
  func poll(state: AgentState) throws(SystemError) {
    let requests = try folder.poll()
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
        try folder.update(
          request, .rejected,
          message: "'\(request.verb.rawValue)' is not known to this version; stop the agent, change the "
            + "configuration and start it again")
      }
    }
  }

  /// True when the agent must leave in order and begin anew.
  func obeyReload(_ judge: () -> ReloadVerdict) throws(SystemError) -> Bool { try folder.obeyReload(judge) }

  func markCleanStop() throws(SystemError) { try folder.markCleanStop() }

  /// True while `control/hold` is there.
  func isHeld(block: Int) throws(SystemError) -> Bool { try folder.isInForce(.hold, ControlPlace(block: block)) }

  func putBack(_ request: ControlRequest) { flushes.insert(request, at: 0) }

  /// The first flush whose moment has come: `at=block:K` waits until K is the next block.
  func takeFlush(block: Int) throws(SystemError) -> ControlRequest? {
    guard let index = flushes.firstIndex(where: { $0.isDue(step: .max, block: block) }) else { return nil }
    let request = flushes.remove(at: index)
    try folder.update(request, .running, ControlPlace(block: block))
    return request
  }

  func finish(_ request: ControlRequest, _ block: PublishedBlock?) throws(SystemError) {
    if let block {
      try folder.update(
        request, .done, ControlPlace(block: block.number), message: "block \(block.number) holds \(block.tokens) tokens"
      )
    } else {
      try folder.update(request, .failed, message: "there are no documents that were not used yet")
    }
  }
}
