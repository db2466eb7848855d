import Bytes
import Posix

/// `status/trainer.json`: where the trainer is, for people, the agent and the evaluator.
final class TrainerStatus {
  enum State: String {
    case starting, training, saving, paused, stopped, failed
    case waitingData = "waiting_data"
    case waitingDisk = "waiting_disk"
    case rollingBack = "rolling_back"
  }

  static let file: Path = "trainer.json"
  private let folder: Directory
  private var lastWritten = -1.0
  private var lastState: State?

  /// What is shown; set by the trainer.
  var state = State.starting
  var message = ""
  var members: [JSONMember] = []

  init(_ folder: Directory) { self.folder = folder }

  /// What an earlier process said it had claimed; -1 when there was none.
  static func claimed(_ folder: Directory) -> Int {
    guard let bytes = try? folder.read(file, limit: 1 << 20), let json = try? JSONParser.parse(bytes) else { return -1 }
    return json["claimed_through"]?.integer ?? -1
  }

  /// Writes at most once a second, but every change of state.
  func show() throws(SystemError) {
    let now = Clock.monotonic()
    guard state != lastState || now - lastWritten >= 1 else { return }
    try write(durable: false)
  }

  /// Writes now. Durable before others rely on it (`claimed_through`).
  func write(durable: Bool) throws(SystemError) {
    let head = [JSONMember("state", .string(state.rawValue)), JSONMember("message", .string(message))]
    let bytes = JSONWriter.pretty(.object(head + members + [JSONMember("time", .string(Clock.stamp()))]))
    try folder.replaceFile(TrainerStatus.file, with: bytes, durable: durable)
    lastWritten = Clock.monotonic()
    lastState = state
  }
}

/// How fast the trainer is and what it waits for, since the process started.
struct TrainerPace {
  private(set) var tokensPerSecond = 0.0
  private(set) var flopPerSecond = 0.0
  private var worked = 0.0
  private var waited = 0.0

  mutating func step(tokens: Int, flop: Double, seconds: Double) {
    let elapsed = max(seconds, 1e-9)
    // Smoothed over about ten seconds of work.
    let weight = worked == 0 ? 1 : min(1, elapsed / 10)
    tokensPerSecond += weight * (Double(tokens) / elapsed - tokensPerSecond)
    flopPerSecond += weight * (flop / elapsed - flopPerSecond)
    worked += elapsed
  }

  mutating func wait(_ seconds: Double) { waited += seconds }

  var dataWaitShare: Double { worked + waited > 0 ? waited / (worked + waited) : 0 }
}
