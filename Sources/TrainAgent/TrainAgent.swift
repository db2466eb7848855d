import Glibc
import Posix
import Spool

/// The house of the trainer: takes the role, runs the loop, leaves.
public enum TrainAgent {
  /// Runs until told to stop, or until nothing is left with `untilIdle`.
  /// - Throws: `TrainFailure` with its exit code; the spool is then as any restart can use it.
  public static func run(
    layout: SpoolLayout, configuration: TrainConfiguration, options: TrainOptions
  ) throws(TrainFailure) {
    let lease: Lease
    do throws(Lease.Failure) { lease = try Lease("trainer", in: layout, process: Int(getpid())) } catch {
      throw .busy("\(error)")
    }
    let trainer: Trainer
    do throws(SystemError) {
      trainer = try Trainer(layout, configuration, options, lease)
    } catch { throw .io("\(error)") }
    do throws(TrainFailure) {
      try trainer.run()
    } catch {
      trainer.fail(error)
      throw error
    }
  }
}

/// Work on files whose failure ends the trainer.
func orFail<Result>(_ work: () throws(SystemError) -> Result) throws(TrainFailure) -> Result {
  do throws(SystemError) { return try work() } catch { throw .io("\(error)") }
}
