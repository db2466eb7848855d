import Blocks
import Posix
import Spool

/// The sentinels that the agent takes: `hold` while it exists, `flush`, `discard` and `reload` once.
final class AgentControl {
  private let folder: ControlFolder
  private(set) var flushes: [ControlRequest] = []
  private var discards: [ControlRequest] = []
  /// What can be discarded, to be kept beside such a request when it is taken.
  var candidates: () -> String? = { nil }

  private let patience: DiskPatience

  init(_ layout: SpoolLayout, _ rules: ControlRules, _ patience: DiskPatience) throws(SystemError) {
    self.patience = patience
    folder = try ControlFolder(layout: layout, role: .agent, rules: rules)
    folder.freeze = { [unowned self] verb in verb == .discard ? self.candidates() : nil }
  }

  /// On a full disk the answer waits for room; the request is not lost meanwhile.
  func answer(
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
    discards.removeAll { !folder.isOpen($0) }
    for request in requests where folder.isOpen(request) {
      switch request.verb {
      case .flush:
        if let block = state.blocks.first(where: { $0.request == request.sequence }) {
          try finish(request, block, last: block)
        } else {
          flushes.append(request)
        }
      case .discard: discards.append(request)
      default:
        try answer(
          request, .rejected,
          message: "'\(request.verb.rawValue)' is not known to this version; stop the agent, change the "
            + "configuration and start it again")
      }
    }
  }

  /// Requests to discard, oldest first, each once. nil while one was taken and cannot be read yet: it may have been
  /// begun by a process that died, and nothing may be composed before it is finished.
  func takeDiscards() -> [ControlRequest]? {
    if folder.isReading(.discard) { return nil }
    defer { discards = [] }
    return discards.sorted { $0.sequence < $1.sequence }
  }

  /// True while a request was taken and could not be read yet.
  var isReading: Bool { ControlVerb.allCases.contains { folder.isReading($0) } }

  /// What a request means from now on.
  func fix(_ request: ControlRequest, _ meaning: String) throws(SystemError) {
    try patience.wait(.finish) { () throws(SystemError) in try folder.fix(request, meaning) }
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

  /// - Parameter last: the newest block there is, when there was nothing for another one.
  func finish(_ request: ControlRequest, _ block: PublishedBlock?, last: PublishedBlock?) throws(SystemError) {
    if let block {
      try answer(
        request, .done, ControlPlace(block: block.number), message: "block \(block.number) holds \(block.tokens) tokens"
      )
    } else {
      // Who flushes every day need not know whether something came.
      let since = last.map { "since \(BlockName.part($0.number))" } ?? "yet"
      try answer(request, .done, message: "nothing new \(since): no block was made")
    }
  }
}
