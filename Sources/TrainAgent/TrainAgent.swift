import Glibc
import Posix
import Spool

/// The house of the trainer: takes the role, runs the loop, leaves.
public enum TrainAgent {
  /// Runs until told to stop, or until nothing is left with `untilIdle`.
  /// - Throws: `TrainFailure` with its exit code; the spool is then as any restart can use it.
  @discardableResult
  public static func run(
    layout: SpoolLayout, configuration: TrainConfiguration, options: TrainOptions, patience: DiskPatience? = nil
  ) throws(TrainFailure) -> Departure {
    let patience =
      patience
      ?? DiskPatience(
        "trainer", layout, reserveMegabytes: 0, shouldStop: options.shouldStop, say: options.say)
    do throws(TrainFailure) {
      return try work(layout, configuration, options, patience)
    } catch {
      // Asked to leave while there was no room: what HEAD names stays, what came after it is computed again.
      guard error.isNoSpace, options.shouldStop() else { throw error }
      options.say("trainer: leaves without a checkpoint: \(error)")
      return .left
    }
  }

  private static func work(
    _ layout: SpoolLayout, _ configuration: TrainConfiguration, _ options: TrainOptions, _ patience: DiskPatience
  ) throws(TrainFailure) -> Departure {
    let lease: Lease
    do throws(Lease.Failure) {
      lease = try patience.wait(.finish) { () throws(Lease.Failure) in
        try Lease("trainer", in: layout, process: Int(getpid()))
      }
    } catch {
      throw error.systemError.map { .io($0) } ?? .busy("\(error)")
    }
    let trainer = try patience.orFail { () throws(SystemError) in
      try Trainer(layout.guarded(by: lease), configuration, options, lease, patience)
    }
    defer { patience.onPause = nil }
    do throws(TrainFailure) {
      return try trainer.run()
    } catch {
      // Whatever it was that failed: the role is another's, and there is nothing to mend.
      if !lease.isCurrent { throw .busy(lease.takeover) }
      if error.isNoSpace && options.shouldStop() { trainer.leaveUnsaved(error) } else { trainer.fail(error) }
      throw error
    }
  }
}

/// Reading whose failure ends the trainer.
func orFail<Result>(_ work: () throws(SystemError) -> Result) throws(TrainFailure) -> Result {
  do throws(SystemError) { return try work() } catch { throw .io(error) }
}

extension DiskPatience {
  /// Work on files: without room it waits, every other failure ends the trainer.
  func orFail<Result>(_ work: () throws(SystemError) -> Result) throws(TrainFailure) -> Result {
    do throws(SystemError) { return try wait(.finish, work) } catch { throw .io(error) }
  }
}

extension Trainer {
  func orFail<Result>(_ work: () throws(SystemError) -> Result) throws(TrainFailure) -> Result {
    try patience.orFail(work)
  }
}
