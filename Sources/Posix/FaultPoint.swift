import CLinux
import Glibc
import Synchronization

/// Every system call of this room passes here first, so that a test may make any of them fail or be the last.
///
/// `PRETRAIND_FAULT` holds a `FaultPlan`; `PRETRAIND_FAULT_COUNT` names a file that tells at the exit how many calls
/// passed, by name, and how many were struck. Without the variables a pass costs one load.
public enum FaultPoint {
  private struct State {
    var plan: FaultPlan?
    /// Passes that the plan counts.
    var counted = 0
    var struck = 0
    var passes: [SystemCall: Int] = [:]
  }

  private static let isArmed = Atomic<Bool>(false)
  private static let state = Mutex(State())

  /// Counting begins here, when the spool is open: what goes wrong before it concerns nobody.
  public static func armFromEnvironment() throws(FaultPlan.Misspelt) {
    let plan = getenv("PRETRAIND_FAULT").map { String(cString: $0) }
    let countFile = getenv("PRETRAIND_FAULT_COUNT")
    if plan == nil && countFile == nil { return }
    arm(try plan.map { (text) throws(FaultPlan.Misspelt) in try FaultPlan(text) })
    if countFile != nil { atexit { FaultPoint.writeCounts() } }
  }

  /// Counts from now on and does what the plan says; nil only counts.
  public static func arm(_ plan: FaultPlan?) {
    state.withLock { state in
      state = State()
      state.plan = plan
    }
    isArmed.store(true, ordering: .releasing)
  }

  public static func disarm() { isArmed.store(false, ordering: .releasing) }

  /// What passed since `arm`, and how often something was made to go wrong.
  public static var counts: (passes: [SystemCall: Int], struck: Int) {
    state.withLock { ($0.passes, $0.struck) }
  }

  /// True when the call must not be made: errno says why. A plan to kill does not return.
  @inline(__always)
  static func strikes(_ call: SystemCall) -> Bool {
    isArmed.load(ordering: .relaxed) && pass(call)
  }

  private static func pass(_ call: SystemCall) -> Bool {
    let kind = state.withLock { state -> FaultPlan.Kind? in
      // A call whose bytes can be cut was counted there.
      if state.plan?.kind == .short { return nil }
      return FaultPoint.count(call, &state)
    }
    switch kind {
    case nil, .short: return false
    case .kill:
      kill(getpid(), SIGKILL)
      return false
    case .fail(let code):
      clinux_set_errno(code)
      return true
    }
  }

  /// How many of `count` bytes the call is to move.
  @inline(__always)
  static func shortened(_ call: SystemCall, _ count: Int) -> Int {
    isArmed.load(ordering: .relaxed) ? half(call, count) : count
  }

  private static func half(_ call: SystemCall, _ count: Int) -> Int {
    state.withLock { state in
      guard state.plan?.kind == .short else { return count }
      return FaultPoint.count(call, &state) == nil ? count : max(1, count / 2)
    }
  }

  private static func count(_ call: SystemCall, _ state: inout State) -> FaultPlan.Kind? {
    state.passes[call, default: 0] += 1
    guard let plan = state.plan, plan.calls.contains(call) else { return nil }
    state.counted += 1
    guard plan.strikes(pass: state.counted) else { return nil }
    state.struck += 1
    return plan.kind
  }

  /// `struck 1`, then a line for every call that passed.
  private static func writeCounts() {
    guard let file = getenv("PRETRAIND_FAULT_COUNT") else { return }
    disarm()
    let (passes, struck) = counts
    let lines = passes.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)\n" }
    let bytes = Array("struck \(struck)\n\(lines.joined())".utf8)
    let number = clinux_openat(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o664)
    guard number >= 0 else { return }
    _ = Glibc.write(number, bytes, bytes.count)
    _ = Glibc.close(number)
  }
}
