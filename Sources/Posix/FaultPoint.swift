import Glibc
import Synchronization

/// Named places where a test may kill the process: every durable step passes one.
///
/// `PRETRAIND_KILL_AT=N` kills the process with SIGKILL at the N-th step it passes; `PRETRAIND_COUNT_STEPS=1` prints
/// the
/// number of steps at exit of the caller's choice. Without the variables a pass costs one load.
public enum FaultPoint {
  private static let killAt: Int = {
    guard let text = getenv("PRETRAIND_KILL_AT") else { return 0 }
    return Int(String(cString: text)) ?? 0
  }()
  private static let passed = Atomic<Int>(0)

  public static func pass(_ step: StaticString, _ path: Path) {
    if killAt == 0 { return }
    if passed.wrappingAdd(1, ordering: .relaxed).newValue == killAt { kill(getpid(), SIGKILL) }
  }
}
