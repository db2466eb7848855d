import Glibc
import Posix
import Spool

/// The house of the trainer: takes the role, runs the loop, leaves.
public enum TrainAgent {
  /// Runs until told to stop, or until nothing is left with `untilIdle`.
  /// - Throws: `TrainFailure` with its exit code; the spool is then as any restart can use it.
  @discardableResult
  public static func run(
    layout: SpoolLayout, configuration: TrainConfiguration, options: TrainOptions
  ) throws(TrainFailure) -> Departure {
    let lease: Lease
    do throws(Lease.Failure) { lease = try Lease("trainer", in: layout, process: Int(getpid())) } catch {
      throw .busy("\(error)")
    }
    let trainer: Trainer
    do throws(SystemError) {
      trainer = try Trainer(layout.guarded(by: lease), configuration, options, lease)
    } catch { throw .io("\(error)") }
    do throws(TrainFailure) {
      return try trainer.run()
    } catch {
      // Whatever it was that failed: the role is another's, and there is nothing to mend.
      if !lease.isCurrent { throw .busy(lease.takeover) }
      trainer.fail(error)
      throw error
    }
  }
}

/// Work on files whose failure ends the trainer.
func orFail<Result>(_ work: () throws(SystemError) -> Result) throws(TrainFailure) -> Result {
  do throws(SystemError) { return try work() } catch { throw .io("\(error)") }
}
