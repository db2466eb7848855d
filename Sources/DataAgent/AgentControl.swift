import Posix
import Spool

/// The sentinels that the agent takes: `hold` while it exists, `flush` once. Others of its verbs are answered.
final class AgentControl {
  private let folder: ControlFolder
  private(set) var flushes: [ControlRequest] = []

  init(_ layout: SpoolLayout) throws(SystemError) { folder = try ControlFolder(layout: layout, role: .agent) }

  /// Looks at `control/`.
  func poll(state: AgentState) throws(SystemError) {
    for request in try folder.poll() {
      switch request.verb {
      case .flush:
        if let block = state.blocks.first(where: { $0.request == request.sequence }) {
          try finish(request, block)
        } else {
          try folder.update(request, .accepted)
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

  /// True while `control/hold` is there.
  func isHeld(block: Int) throws(SystemError) -> Bool { try folder.isInForce(.hold, ControlPlace(block: block)) }

  func putBack(_ request: ControlRequest) { flushes.insert(request, at: 0) }

  func takeFlush() -> ControlRequest? { flushes.isEmpty ? nil : flushes.removeFirst() }

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
