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
    for name in [Suspects.name, RecordTrial.orderName] {
      let temporary = Directory.temporary(name)
      if state.layout.state.exists(temporary) { try? state.layout.state.remove(temporary) }
    }
    suspects = Suspects(state.layout.state, state.claims)
    slots = WorkingSlots(state.layout.state, threads: state.settings.spool.threads, run: run)
    trial = words.isEmpty ? nil : RecordTrial(words: words, layout: state.layout, settings: state.settings.read)
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
      say("\(claim.path): record \(key.record) is harmless")
      suspects.forget(key)
      return nil
    case .dies(let poison):
      try state.journal.write(poison.journalRecord)
      state.poison[key] = poison
      suspects.forget(key)
      say("\(claim.path): record \(key.record) at byte \(poison.offset) is rejected; \(poison.reason)")
      return poison
    }
  }
}
