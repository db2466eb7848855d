import Posix
import Spool

/// Keeps a record that killed the agent before from killing it again: it is run alone first.
final class RecordGuard {
  let slots: WorkingSlots
  private let state: AgentState
  private let suspects: Suspects
  private let trial: RecordTrial?
  private let say: (String) -> Void

  /// Counts what the last run left, and opens this run's slots.
  /// - Parameter words: how a process that tries one record is started; empty: none is.
  init(_ state: AgentState, words: [String], run: Int, say: @escaping (String) -> Void) {
    self.state = state
    self.say = say
    // An order that a dead agent left is nobody's.
    if state.layout.state.exists(RecordTrial.orderName) { try? state.layout.state.remove(RecordTrial.orderName) }
    suspects = Suspects(state.layout.state, state.claims)
    slots = WorkingSlots(state.layout.state, threads: state.settings.spool.threads, run: run)
    trial =
      words.isEmpty
      ? nil
      : RecordTrial(
        words: words, layout: state.layout, settings: state.settings.read, patience: state.patience)
  }

  /// The agent ends in an orderly way: what it had in hand is to blame for nothing.
  func close() {
    slots.close()
    suspects.settle(state.claims)
  }

  struct Interrupted: Error {}

  /// True when the agent died before with a record of this claim in hand.
  func isSuspect(claim: Int) -> Bool { suspects.isSuspect(claim: claim) }

  /// Why the next record of a claim must not be read here; nil: it may.
  /// - Parameter progress: how far the claim was read, committed or not.
  func refusal(_ claim: Claim, at progress: ClaimProgress) throws -> Poison? {
    let key = RecordKey(claim: claim.sequence, record: progress.record)
    if !state.poison.isEmpty, let known = state.poison[key] { return known }
    if suspects.isMetAgain(key) {
      say(
        "\(claim.path): record \(key.record) came through alone, and the agent died with nothing else in hand; it is "
          + "read alone again")
    }
    if let crashed = suspects.conviction(key) { return try convict(claim, Poison(key, at: progress, crashed)) }
    guard suspects.isSuspect(key), let trial else { return nil }
    say("\(claim.path): record \(key.record) was in hand when the agent died, more than once; trying it alone")
    var claim = claim
    claim.progress = progress
    switch trial.run(claim) {
    case .interrupted: throw Interrupted()
    case .failed(let reason):
      say("\(claim.path): record \(key.record) could not be tried alone (\(reason)); it goes on untried")
      return nil
    case .lives:
      say("\(claim.path): record \(key.record) is harmless alone")
      suspects.clear(key)
      return nil
    case .dies(let poison): return try convict(claim, poison)
    }
  }

  private func convict(_ claim: Claim, _ poison: Poison) throws -> Poison {
    try state.journal.write(poison.journalRecord)
    state.poison[poison.key] = poison
    suspects.forget(poison.key)
    say("\(claim.path): record \(poison.key.record) at byte \(poison.offset) is rejected; \(poison.reason)")
    return poison
  }

  /// True for a record that came through alone and was in hand at deaths: it gets a batch of its own.
  func isLone(_ claim: Claim, at progress: ClaimProgress) -> Bool {
    suspects.isLone(RecordKey(claim: claim.sequence, record: progress.record))
  }
}
