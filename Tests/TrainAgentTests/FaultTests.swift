import Bytes
import Glibc
import Posix
import Spool
import Testing
import TrainAgent
import Training

/// Rows of what the sweeps of tools/faults once showed: each in a process of its own, because there is one plan a
/// process.
@Suite struct FaultTests {
  private static func prepare() throws -> Spool {
    let spool = try Spool()
    for block in 0..<3 { try spool.publish(block, windows: 4) }
    try spool.drop("rollback", "at=step:3\nto=part-00000")
    return spool
  }

  /// What could not be looked at was once taken for absent: a rollback was then rejected, HEAD taken for damaged.
  @Test(arguments: ["stat", "open", "read", "readdir", "fstat", "mmap"])
  func anErrorEndsTheTrainerOrChangesNothing(_ call: String) async throws {
    await #expect(processExitsWith: .success) { [call = call as String] in
      let calm = try FaultTests.prepare()
      defer { calm.remove() }
      FaultPoint.arm(nil)
      try calm.train()
      let count = FaultPoint.counts.passes[SystemCall(rawValue: call)!] ?? 0
      #expect(count > 0)
      let first = 1 + Int.random(in: 0..<11)
      print("EIO at \(call) 1, and from \(first) every eleventh, of \(count)")
      for number in [1] + Array(stride(from: first, through: count, by: 11)) {
        let spool = try FaultTests.prepare()
        defer { spool.remove() }
        FaultPoint.arm(try FaultPlan("EIO@\(number):\(call)"))
        do {
          try spool.train()
        } catch {
          #expect((error as? TrainFailure)?.exitCode == 74, "\(call) \(number): \(error)")
        }
        FaultPoint.disarm()
        let again = Result { try spool.train() }
        #expect(throws: Never.self, "\(call) \(number): \(again)") { try again.get() }
        #expect(spool.answer("rollback")?["state"]?.string == "done", "\(call) \(number)")
        #expect(spool.weights() == calm.weights(), "\(call) \(number)")
      }
    }
  }
}
