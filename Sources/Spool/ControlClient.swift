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
    var newest = try answers(to: file).last?.sequence ?? 0
    // The same level again changes nothing: what was answered holds.
    if verb.isLevel, let answer = try newestAnswer(to: file), !answer.state.isFinal,
      answer.arguments.map(\.name) == arguments.pairs.map(\.key),
      answer.arguments.map(\.value.string) == arguments.pairs.map(\.value)
    {
      newest -= 1
    }
    do throws(SystemError) {
      try control.replaceFile(file, with: Array(arguments.lines.utf8))
    } catch {
      // In a sticky folder another user's level sentinel cannot be replaced, and need not be: it is there.
      guard error.isForbidden, verb.isLevel, arguments.lines.isEmpty, control.exists(file) else { throw error }
      if control.exists(Directory.temporary(file)) { try? control.remove(Directory.temporary(file)) }
    }
    return Sent(name: name, after: newest)
  }

  /// Level sentinels of a verb that are there now.
  public func levels(_ verb: ControlVerb) throws(SystemError) -> [ControlName] {
    try control.names().compactMap { name in
      guard !ControlFolder.isIgnored(name) else { return nil }
      guard case .success(let known) = ControlName.parse(name.description), known.verb == verb else { return nil }
      return known
    }
  }

  /// True while nobody has taken the request.
  public func isWaiting(_ sent: Sent) -> Bool { control.exists(Path(sent.name.description)) }

  /// Takes a level sentinel away; false when it was not there.
  public func remove(_ name: ControlName) throws(SystemError) -> Bool {
    let file = Path(name.description)
    guard control.exists(file) else { return false }
    try control.remove(file)
    return true
  }

  /// The answer to `sent` as it stands; nil before anybody took the request.
  public func answer(to sent: Sent) throws(SystemError) -> ControlAcknowledgement? {
    let answers = try answers(to: Path(sent.name.description))
    guard let first = answers.first(where: { $0.sequence > sent.after }) else { return nil }
    let answer = try ControlAcknowledgement.read(first.file, in: acknowledgements)
    // A later request of the same name answers for this one.
    guard let into = answer?.into, answer?.state == .coalesced,
      let other = answers.first(where: { $0.sequence == into })
    else { return answer }
    return try ControlAcknowledgement.read(other.file, in: acknowledgements) ?? answer
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

  /// Waits until the answer to a level sentinel that was removed says so; false when nobody did in time.
  public func waitForEnd(_ name: ControlName, timeout: Double) throws(SystemError) -> Bool {
    let start = Clock.monotonic()
    while !Signals.stopRequested {
      let newest = try answers(to: Path(name.description)).last
      let answer = try newest.flatMap { (one) throws(SystemError) in
        try ControlAcknowledgement.read(one.file, in: acknowledgements)
      }
      // Never in force, or no longer.
      if answer?.state.isFinal ?? true { return true }
      if Clock.monotonic() - start >= timeout { return false }
      Clock.sleep(0.05)
    }
    return false
  }

  private func newestAnswer(to name: Path) throws(SystemError) -> ControlAcknowledgement? {
    guard let newest = try answers(to: name).last else { return nil }
    return try ControlAcknowledgement.read(newest.file, in: acknowledgements)
  }

  /// Oldest first.
  private func answers(to name: Path) throws(SystemError) -> [(sequence: Int, file: Path)] {
    let wanted = ControlSequence.shortened(name) + ".json"
    return try acknowledgements.names().compactMap { file in
      guard let split = ControlSequence.split(file), split.name == wanted else { return nil }
      return (split.sequence, file)
    }.sorted { $0.sequence < $1.sequence }
  }

  private static func freshTag() -> String {
    "p\(getpid())-" + String(UInt64(Clock.wall() * 1e6), radix: 36)
  }
}
