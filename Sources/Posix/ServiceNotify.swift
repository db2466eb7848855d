import Glibc
import Synchronization

/// Tells systemd how the service is, over its datagram socket (sd_notify(3)); does nothing when there is none.
public enum ServiceNotify {
  private static let channel = NotifyChannel.ofEnvironment()

  /// First thing in a process: the socket is ours, the programs we start must not speak for the service.
  public static func adopt() {
    _ = channel
    for name in NotifyChannel.variables { unsetenv(name) }
  }

  /// Before the process begins anew: the new image finds what this one found.
  static func release() {
    for (name, value) in channel?.surroundings ?? [] { setenv(name, value, 1) }
  }

  /// Recovery is over and the work begins; also the end of `reloading`.
  public static func ready(_ status: String) { channel?.ready(status) }
  public static func status(_ text: String) { channel?.status(text) }
  /// SIGHUP is being obeyed; `ready` ends it.
  public static func reloading() { channel?.reloading() }
  public static func stopping(_ status: String = "") { channel?.stopping(status) }
  /// Something got further. Called by the loops that do the work and by nobody else, so that a stuck loop is noticed;
  /// cheap enough for every document and every piece of a block.
  public static func beat() { channel?.beat() }
}

/// One service's way to its manager: where the socket is, how often it must hear of us, how far we are.
final class NotifyChannel: Sendable {
  private enum Stage: Int { case starting, ready, stopping }

  /// A name in the file system, or an abstract one with a leading NUL.
  private let socketName: [UInt8]
  /// Microseconds between two pings: a quarter of what the watchdog allows; 0 when there is none.
  private let pingInterval: Int
  private let stage = Atomic<Int>(Stage.starting.rawValue)
  private let due = Atomic<Int>(0)
  private let told = Mutex("")
  /// What the manager had put into the environment.
  let surroundings: [(name: String, value: String)]
  static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

  /// While starting and stopping, each second of work asks for this many more.
  private static let extensionSeconds = 30
  private static let extensionInterval = 1_000_000

  init?(socket: [UInt8], watchdogMicroseconds: Int) {
    guard !socket.isEmpty, socket.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
    socketName = socket.first == UInt8(ascii: "@") ? [0] + socket.dropFirst() : socket
    pingInterval = watchdogMicroseconds / 4
    surroundings = NotifyChannel.variables.compactMap { name in
      getenv(name).map { (name, String(cString: $0)) }
    }
  }

  /// nil without a manager. The watchdog counts only when it is meant for this process.
  static func ofEnvironment() -> NotifyChannel? {
    guard let socket = value("NOTIFY_SOCKET") else { return nil }
    let isOurs = value("WATCHDOG_PID").map { $0 == Array("\(getpid())".utf8) } ?? true
    let allowed = value("WATCHDOG_USEC").flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    return NotifyChannel(socket: socket, watchdogMicroseconds: isOurs ? max(0, allowed) : 0)
  }

  private static func value(_ name: String) -> [UInt8]? {
    guard let text = getenv(name) else { return nil }
    return UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
  }

  func ready(_ status: String) {
    stage.store(Stage.ready.rawValue, ordering: .relaxed)
    due.store(0, ordering: .relaxed)
    send("READY=1\nSTATUS=\(NotifyChannel.line(status))")
    beat()
  }

  func status(_ text: String) {
    let line = NotifyChannel.line(text)
    let isNew = told.withLock { told in
      defer { told = line }
      return told != line
    }
    if isNew { send("STATUS=\(line)") }
  }

  func reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=\(NotifyChannel.now())\nSTATUS=reading the configuration again")
  }

  func stopping(_ status: String) {
    stage.store(Stage.stopping.rawValue, ordering: .relaxed)
    due.store(0, ordering: .relaxed)
    send("STOPPING=1" + (status.isEmpty ? "" : "\nSTATUS=\(NotifyChannel.line(status))"))
  }

  func beat() {
    let stage = Stage(rawValue: stage.load(ordering: .relaxed)) ?? .ready
    if stage == .ready && pingInterval == 0 { return }
    let now = NotifyChannel.now()
    let before = due.load(ordering: .relaxed)
    if now < before { return }
    let quarter = pingInterval > 0 ? pingInterval : NotifyChannel.extensionInterval
    let interval = stage == .ready ? quarter : min(quarter, NotifyChannel.extensionInterval)
    guard due.compareExchange(expected: before, desired: now + interval, ordering: .relaxed).exchanged else { return }
    var words = pingInterval > 0 && stage != .starting ? ["WATCHDOG=1"] : []
    if stage != .ready { words.append("EXTEND_TIMEOUT_USEC=\(NotifyChannel.extensionSeconds * 1_000_000)") }
    send(words.joined(separator: "\n"))
  }

  /// Microseconds of CLOCK_MONOTONIC: the manager's clock, whatever ours is set to in tests.
  private static func now() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
  }

  private static func line(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
  }

  /// Never waits: a manager that does not listen must not stop the work.
  private func send(_ text: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketName) }
    let socketNumber = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socketNumber >= 0 else { return }
    defer { Glibc.close(socketNumber) }
    let message = Array(text.utf8)
    let length = socklen_t(MemoryLayout<sa_family_t>.size + socketName.count)
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socketNumber, message, message.count, flags, $0, length)
      }
    }
  }
}
