import CLinux
import Glibc

/// A child process started with posix_spawn (Foundation's Process costs 50 ms a wait).
public final class Child: @unchecked Sendable {
  public let process: pid_t
  /// The reading end of the child's standard output, when it was asked for.
  public let output: File?
  private var reaped: Int32?

  private init(process: pid_t, output: File?) {
    self.process = process
    self.output = output
  }

  /// Starts `arguments` (found in PATH) with standard input from `input` (or /dev/null) and standard error shared.
  /// - Parameters:
  ///   - dieWithParent: for our own program, which obeys `ParentDeath` at its start.
  ///   - ownGroup: an interrupt from the keyboard does not reach it; who started it ends it.
  public static func start(
    _ arguments: [String], input: File? = nil, captureOutput: Bool = false, dieWithParent: Bool = false,
    ownGroup: Bool = false
  ) throws(SystemError) -> Child {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input.number, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    var ends: [Int32] = [-1, -1]
    if captureOutput {
      guard clinux_pipe(&ends) == 0 else { throw SystemError("pipe", Path(arguments[0])) }
      posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Children start with default signals, whatever we ignore or handle.
    var all = sigset_t()
    sigemptyset(&all)
    posix_spawnattr_setsigmask(&attributes, &all)
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGPIPE] { sigaddset(&all, signal) }
    posix_spawnattr_setsigdefault(&attributes, &all)
    let group = ownGroup ? POSIX_SPAWN_SETPGROUP : 0
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var surroundings: [UnsafeMutablePointer<CChar>?] = []
    var entry = clinux_environment()
    while let known = entry?.pointee {
      surroundings.append(strdup(known))
      entry = entry?.advanced(by: 1)
    }
    if dieWithParent { surroundings.append(strdup("\(ParentDeath.variable)=\(getpid())")) }
    surroundings.append(nil)
    defer { for word in surroundings { free(word) } }
    var process: pid_t = 0
    let failed =
      FaultPoint.strikes(.spawn)
      ? clinux_errno() : posix_spawnp(&process, arguments[0], &actions, &attributes, words, surroundings)
    if captureOutput { Glibc.close(ends[1]) }
    let output = captureOutput ? File(path: Path(arguments[0]), number: ends[0]) : nil
    guard failed == 0 else { throw SystemError("spawn", Path(arguments[0]), code: failed) }
    return Child(process: process, output: output)
  }

  /// Waits for the end; the exit status, or 128 + the signal that ended it.
  public func wait() -> Int32 {
    if let reaped { return reaped }
    var status: Int32 = 0
    _ = retrying { waitpid(process, &status, 0) }
    return note(status)
  }

  /// The exit status when the child has ended, else nil.
  public func poll() -> Int32? {
    if let reaped { return reaped }
    var status: Int32 = 0
    guard retrying({ waitpid(process, &status, WNOHANG) }) == process else { return nil }
    return note(status)
  }

  public func signal(_ number: Int32) {
    if reaped == nil { kill(process, number) }
  }

  private func note(_ status: Int32) -> Int32 {
    let low = status & 0x7F
    let code = low == 0 ? (status >> 8) & 0xFF : 128 + low
    reaped = code
    return code
  }
}

/// A process that was started to go with its parent asks the kernel for it, first thing.
public enum ParentDeath {
  static let variable = "PRETRAIND_PARENT"

  /// True when a parent had asked for it.
  public static func obey() -> Bool {
    guard let text = getenv(variable), let parent = pid_t(String(cString: text)) else { return false }
    unsetenv(variable)
    _ = clinux_die_with_parent()
    // The parent may have gone before the request was made.
    if getppid() != parent { exit(0) }
    return true
  }
}
