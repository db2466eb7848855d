import Bytes
import Glibc
import Posix

/// The asking side: drops a sentinel whole and waits for its answer.
public struct ControlClient: Sendable {
  private let control: Directory
  private let acknowledgements: Directory

  public init(layout: SpoolLayout) {
    control = layout.control
    acknowledgements = layout.acknowledgements
  }

  /// A request that was put down: its file name, and the newest answer at that time.
  public struct Sent: Equatable, Sendable {
    public let name: ControlName
    public let after: Int
  }

  /// Creates the sentinel. Without a tag it gets one of its own, so that the answer is certainly to this request; an
  /// empty tag makes the plain name.
  public func send(
    _ verb: ControlVerb, tag: String? = nil, arguments: ControlArguments = ControlArguments()
  ) throws(SystemError) -> Sent {
    let name = ControlName(verb, tag: tag ?? ControlClient.freshTag())
    let file = Path(name.description)
    let newest = try answers(to: file).last?.sequence ?? 0
    try control.replaceFile(file, with: Array(arguments.lines.utf8))
    return Sent(name: name, after: newest)
  }

  /// Takes a level sentinel away; false when it was not there.
  public func remove(_ name: ControlName) throws(SystemError) -> Bool {
    let file = Path(name.description)
    guard control.exists(file) else { return false }
    try control.remove(file)
    return true
  }

  /// The answer to `sent` as it stands; nil before anybody took the request.
  public func answer(to sent: Sent) throws(SystemError) -> ControlAcknowledgement? {
    guard let newest = try answers(to: Path(sent.name.description)).first(where: { $0.sequence > sent.after }) else {
      return nil
    }
    return try ControlAcknowledgement.read(newest.file, in: acknowledgements)
  }

  /// Waits until the answer is final (for level sentinels: until it is in force); the last answer seen, nil when there
  /// was none before `timeout` seconds passed.
  public func wait(
    _ sent: Sent, timeout: Double, shouldStop: () -> Bool = { Signals.stopRequested }
  ) throws(SystemError) -> ControlAcknowledgement? {
    let start = Clock.monotonic()
    var last: ControlAcknowledgement?
    while !shouldStop() {
      last = try answer(to: sent) ?? last
      if let state = last?.state, state.isFinal || (sent.name.verb.isLevel && state == .running) { return last }
      if Clock.monotonic() - start >= timeout { return last }
      Clock.sleep(0.05)
    }
    return last
  }

  private func answers(to name: Path) throws(SystemError) -> [(sequence: Int, file: Path)] {
    try acknowledgements.names().compactMap { file in
      guard let split = ControlSequence.split(file), split.name == name + ".json" else { return nil }
      return (split.sequence, file)
    }
  }

  private static func freshTag() -> String {
    "p\(getpid())-" + String(UInt64(Clock.wall() * 1e6), radix: 36)
  }
}
