import CLinux
import Glibc

/// What a program that reads foreign bytes may use.
public struct ProcessLimits: Sendable {
  /// Bytes of address space.
  public var memory: Int
  /// Processor seconds in total.
  public var processorSeconds: Int
  /// How long it may be silent while somebody waits for its output.
  public var silentSeconds: Double
  /// Bytes of any file it writes; its output is a pipe and does not count.
  public var fileBytes = 0
  public var descriptors = 64

  public init(memory: Int, processorSeconds: Int, silentSeconds: Double) {
    self.memory = memory
    self.processorSeconds = processorSeconds
    self.silentSeconds = silentSeconds
  }
}

/// A program that reads foreign bytes: never through a shell, in a process group of its own that is killed whole,
/// bounded
/// in memory, processor time, silence, files; no core dump; it goes with the thread that started it.
public final class LimitedChild {
  public enum Surroundings: Sendable {
    /// PATH and LANG only.
    case bare
    /// Ours: for our own program.
    case inherited
  }

  public enum End: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signal(Int32)
    /// We killed it: nothing came for so many seconds.
    case silent(seconds: Double)

    public var description: String {
      switch self {
      case .exited(let status): "ended with status \(status)"
      case .signal(SIGXCPU): "used up its processor time"
      case .signal(let number): "was ended by signal \(number) (\(String(cString: strsignal(number))))"
      case .silent(let seconds): "gave nothing for \(Int(seconds)) s and was killed"
      }
    }
  }

  private let name: String
  private let limits: ProcessLimits
  private let process: pid_t
  private let output: Descriptor
  private let errors: Descriptor
  private var errorsAreOpen = true
  private var complaint: [UInt8] = []
  private static let complaintBytes = 2048
  private var ended: End?
  private var wasSilent = false

  /// Starts `arguments` (found in PATH), standard input from `input` or /dev/null.
  public init(
    _ arguments: [String], input: File?, limits: ProcessLimits, surroundings: Surroundings = .bare
  ) throws(SystemError) {
    name = arguments[0]
    self.limits = limits
    var ends: [Int32] = [-1, -1]
    guard clinux_pipe(&ends) == 0 else { throw SystemError("pipe", Path(name)) }
    output = Descriptor(owning: ends[0])
    let write = Descriptor(owning: ends[1])
    guard clinux_pipe(&ends) == 0 else { throw SystemError("pipe", Path(name)) }
    errors = Descriptor(owning: ends[0])
    let writeErrors = Descriptor(owning: ends[1])
    let nothing = Descriptor(owning: input == nil ? Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) : -1)
    if input == nil, nothing.number < 0 { throw SystemError("open", "/dev/null") }
    let streams = [input?.number ?? nothing.number, write.number, writeErrors.number]
    var process: Int32 = 0
    let failed = LimitedChild.withWords(arguments) { words in
      LimitedChild.withWords(LimitedChild.environment(surroundings)) { environment in
        var raw = clinux_limits(
          address_space: Int64(limits.memory), cpu_seconds: Int64(limits.processorSeconds),
          file_size: Int64(limits.fileBytes), descriptors: Int64(limits.descriptors))
        if FaultPoint.strikes(.spawn) { return clinux_errno() }
        return clinux_spawn_limited(words, environment, streams, &raw, &process)
      }
    }
    self.process = process
    // The writing ends are the child's alone from here on.
    _ = consume write
    _ = consume writeErrors
    guard failed == 0 else {
      ended = .exited(127)
      throw SystemError("spawn", Path(arguments[0]), code: failed)
    }
  }

  deinit { kill() }

  private static func environment(_ surroundings: Surroundings) -> [String] {
    var words: [String] = []
    var entry = clinux_environment()
    while let known = entry?.pointee {
      let word = String(cString: known)
      // A fault that a test plans for this process is not the child's.
      let isOurs = surroundings == .inherited && !word.hasPrefix("PRETRAIND_FAULT")
      if isOurs || word.hasPrefix("PATH=") || word.hasPrefix("LANG=") { words.append(word) }
      entry = entry?.advanced(by: 1)
    }
    return words
  }

  private static func withWords<Result>(
    _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var copies: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    copies.append(nil)
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { body($0.baseAddress!) }
  }

  /// Reads what it writes; 0 when it has closed its output, or was killed because it was silent too long. Waiting for
  /// a child that works against its own limits is work too, and no stuck loop: it gives signs of life.
  /// - Parameters:
  ///   - input: what it still has to be told is written meanwhile.
  ///   - onWait: asked four times a second of waiting; false ends the child.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, telling input: ChildInput? = nil, onWait: () -> Bool = { true }
  ) throws(SystemError) -> Int {
    let start = Clock.monotonic()
    while true {
      var waits = [pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)]
      if errorsAreOpen { waits.append(pollfd(fd: errors.number, events: Int16(POLLIN), revents: 0)) }
      if let input, input.hasMore { waits.append(pollfd(fd: input.number, events: Int16(POLLOUT), revents: 0)) }
      let left = start + limits.silentSeconds - Clock.monotonic()
      let ready = poll(&waits, nfds_t(waits.count), Int32(max(0, min(left, 0.25) * 1000)))
      if ready < 0 && clinux_errno() != EINTR { throw SystemError("poll", Path(name)) }
      for wait in waits.dropFirst() where wait.revents != 0 {
        if wait.fd == errors.number { readErrors() } else { input?.write() }
      }
      if waits[0].revents != 0 {
        let wanted = FaultPoint.shortened(.read, buffer.count)
        let count = calling(.read) { Glibc.read(output.number, buffer.baseAddress, wanted) }
        guard count >= 0 else { throw SystemError("read", Path(name)) }
        return count
      }
      if Clock.monotonic() - start >= limits.silentSeconds {
        wasSilent = true
        kill()
        return 0
      }
      ServiceNotify.beat()
      if !onWait() {
        kill()
        return 0
      }
    }
  }

  /// True when a read would not wait: there is output, or its end.
  public var hasOutput: Bool {
    var wait = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 0) > 0
  }

  /// What it complains about is drained, so that it never blocks; the beginning is kept.
  private func readErrors() {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      let count = retrying { Glibc.read(errors.number, buffer.baseAddress, buffer.count) }
      if count <= 0 {
        errorsAreOpen = false
      } else {
        let room = max(0, LimitedChild.complaintBytes - complaint.count)
        complaint += UnsafeRawBufferPointer(rebasing: buffer[..<min(count, room)])
      }
    }
  }

  /// The first line it wrote to standard error; empty when it was quiet.
  public var firstComplaint: String {
    let line = complaint.prefix { $0 != 0x0A }
    return String(decoding: line.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
  }

  /// Kills the whole group and says how the child ended.
  @discardableResult
  public func kill() -> End {
    if ended == nil { Glibc.kill(-process, SIGKILL) }
    return wait()
  }

  /// Waits for the end of the child, at most as long as it may be silent; whatever it started goes with it.
  public func wait() -> End {
    if let ended { return ended }
    let limit = Clock.monotonic() + limits.silentSeconds
    // It stays a zombie until its group is killed: the number cannot become somebody else's meanwhile.
    while clinux_has_ended(process) == 0 {
      if Clock.monotonic() > limit {
        wasSilent = true
        Glibc.kill(-process, SIGKILL)
      }
      ServiceNotify.beat()
      Clock.sleep(0.0005)
    }
    if errorsAreOpen { drainErrors() }
    Glibc.kill(-process, SIGKILL)
    var status: Int32 = 0
    _ = retrying { waitpid(process, &status, 0) }
    let low = status & 0x7F
    let end: End =
      wasSilent
      ? .silent(seconds: limits.silentSeconds) : low == 0 ? .exited((status >> 8) & 0xFF) : .signal(low)
    ended = end
    return end
  }

  private func drainErrors() {
    while errorsAreOpen {
      var wait = pollfd(fd: errors.number, events: Int16(POLLIN), revents: 0)
      if poll(&wait, 1, 0) <= 0 { return }
      readErrors()
    }
  }
}
