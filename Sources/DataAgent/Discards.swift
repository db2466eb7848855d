import Blocks
import Posix
import Spool

/// Requests to discard blocks, from their taking to their answer.
///
/// A draw follows from those before it, so the newer blocks go with the one that is asked for. That one goes first: it
/// is the only one that a trainer may begin at the same time (`BlockClaim`), and without it nobody comes to the newer
/// ones. Until all of them are gone nothing is composed.
final class Discards {
  /// Withdrawn, and not all of it composed anew.
  struct Work {
    let request: ControlRequest
    let blocks: [BlockName]
    /// A short block may take the place of a short one.
    let isShort: Bool
  }

  private let state: AgentState
  private let control: AgentControl
  private let say: (String) -> Void
  private var open: [Work] = []

  init(_ state: AgentState, _ control: AgentControl, say: @escaping (String) -> Void) {
    self.state = state
    self.control = control
    self.say = say
    control.candidates = { [unowned state] in Discards.candidates(state).text }
  }

  /// What can be discarded at this moment.
  private static func candidates(_ state: AgentState) -> DiscardPlan {
    let begun = (try? BegunBlocks.through(state.layout.root)) ?? -1
    return .candidates(state.blocks.map(\.name).filter { $0.number > begun }.sorted { $0.number < $1.number })
  }

  /// Withdraws what a request means, or refuses it.
  func begin(_ request: ControlRequest) throws {
    switch request.frozen.flatMap(DiscardPlan.init(text:)) {
    case .fixed(let blocks, let isShort): try carryOut(request, blocks, isShort)
    case .candidates(let candidates):
      let target: BlockName
      do throws(DiscardRefusal) {
        target = try DiscardChoice(state: state, candidates: candidates).target(request.arguments["block"])
      } catch {
        return try control.answer(request, error.state, ControlPlace(block: error.block), message: error.message)
      }
      try fix(request, from: target)
    case nil:
      try control.answer(
        request, .failed,
        message: "what it meant when it was taken is no longer there; touch control/\(request.name) again")
    }
  }

  /// From here on it is certain which blocks go, however often this process dies.
  private func fix(_ request: ControlRequest, from target: BlockName) throws {
    let blocks = state.blocks.filter { $0.number >= target.number }.sorted { $0.number < $1.number }
    let isShort = blocks.contains { $0.short }
    let names = blocks.map(\.name)
    try control.fix(request, DiscardPlan.fixed(names, isShort: isShort).text)
    try carryOut(request, names, isShort)
  }

  private func carryOut(_ request: ControlRequest, _ blocks: [BlockName], _ isShort: Bool) throws {
    guard let first = blocks.first else { return }
    let place = ControlPlace(block: first.number)
    try control.answer(request, .running, place, message: "withdraws \(BlockName.list(blocks.map(\.number)))")
    let published = Set(state.blocks.map(\.name))
    var going = blocks.filter(published.contains)
    if going.first == first {
      guard try withdraw(first) else {
        return try control.answer(request, .failed, place, message: DiscardChoice.begunMeanwhile(first))
      }
      going.removeFirst()
      for name in going { try withdrawNewer(name) }
      going.insert(first, at: 0)
    } else {
      for name in going { try withdrawNewer(name) }
    }
    try remove(going)
    open.append(Work(request: request, blocks: blocks, isShort: isShort))
  }

  private func withdraw(_ name: BlockName) throws -> Bool {
    let root = state.layout.root
    return try state.patience.wait { () throws(SystemError) in
      try BlockClaim.withdraw(name, in: state.layout.blocks, claimedThrough: { try? BegunBlocks.through(root) }) {
        () throws(SystemError) in try state.journal.write(BlockIntent.withdrawnRecord(name))
      }
    }
  }

  /// One after a block that is gone, so nobody can have come to it.
  private func withdrawNewer(_ name: BlockName) throws {
    try state.patience.wait { () throws(SystemError) in try BlockRemoval.hide(name, in: state.layout.blocks) }
    try state.journal.write(BlockIntent.withdrawnRecord(name))
  }

  private func remove(_ gone: [BlockName]) throws {
    if gone.isEmpty { return }
    for name in gone {
      try state.patience.wait { () throws(SystemError) in
        try BlockRemoval.removeCompanions(name, in: state.layout.blocks)
      }
    }
    try state.forget(gone)
    say("withdrawn: \(BlockName.list(gone.map(\.number)))")
  }

  // MARK: Composing anew

  /// The oldest request with a number that is to be composed anew; those without one are answered.
  func unfinished() throws -> Work? {
    while let work = open.first {
      if missing(work).isEmpty { try finish() } else { return work }
    }
    return nil
  }

  /// Answers the oldest request: what is not composed by now waits for documents.
  func finish() throws {
    let work = open.removeFirst()
    let waiting = missing(work)
    let made = work.blocks.map(\.number).filter { !waiting.contains($0) }
    var message = "withdrawn: \(BlockName.list(work.blocks.map(\.number)))"
    if !made.isEmpty { message += "; composed anew: \(BlockName.list(made))" }
    if !waiting.isEmpty {
      message +=
        "; \(BlockName.list(waiting)) when there are documents for a full block, or as a short one at a flush"
    }
    try control.answer(work.request, .done, ControlPlace(block: work.blocks.first?.number), message: message)
  }

  private func missing(_ work: Work) -> [Int] {
    let there = Set(state.blocks.map(\.number))
    return work.blocks.map(\.number).filter { !there.contains($0) }
  }
}
