import Bytes
import Posix

/// One role's view of `control/`: takes what is meant for it, answers in `control/ack/`.
///
/// A request is taken by rename into `control/.taken` and stays there until its answer is final, so that a process that
/// dies at any point finds it again. Not for use by several threads.
public final class ControlFolder {
  let control: Directory
  let taken: Directory
  let acknowledgements: Directory
  let role: ControlRole
  let sequences: ControlSequence
  var levels: [Path: ControlLevel] = [:]
  private var unread: [TakenFile] = []
  private var firstSeen: [Path: Double] = [:]
  /// Seconds after which anyone may reject a name that the agent has not.
  private static let patience = 5.0

  public init(layout: SpoolLayout, role: ControlRole) throws(SystemError) {
    control = layout.control
    taken = layout.taken
    acknowledgements = layout.acknowledgements
    self.role = role
    sequences = ControlSequence(taken: taken, acknowledgements: acknowledgements)
    try recoverTaken()
    try recoverLevels()
  }

  /// Takes what is new for this role; requests an earlier process left unanswered come first. Level sentinels are noted
  /// and asked for by `isInForce`.
  public func poll() throws(SystemError) -> [ControlRequest] {
    let now = Clock.wall()
    var present: Set<Path> = []
    for name in try control.names() where !ControlFolder.isIgnored(name) {
      guard let status = try? control.status(name), status.kind != .directory else { continue }
      present.insert(name)
      try look(at: name, now: now)
    }
    firstSeen = firstSeen.filter { present.contains($0.key) }
    try endLevels(absentFrom: present)
    return try readTaken(now: now)
  }

  /// Temporaries, hidden files and the folder's own documentation are no requests.
  static func isIgnored(_ name: Path) -> Bool {
    if name.hasPrefix(".") || name.hasSuffix("~") || name.hasPrefix("README") { return true }
    return [".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock"].contains { name.hasSuffix($0) }
  }

  private func look(at name: Path, now: Double) throws(SystemError) {
    switch ControlName.parse(name.description) {
    case .success(let known):
      guard known.verb.taker == role else { return }
      if known.verb.isLevel {
        try noteLevel(name, known)
      } else if let file = try take(name, now: now) {
        unread.append(file)
      }
    case .failure:
      let since = firstSeen[name] ?? now
      firstSeen[name] = since
      guard role == .agent || now - since >= ControlFolder.patience else { return }
      if let file = try take(name, now: now) { unread.append(file) }
    }
  }

  /// nil when another process was faster or the writer took it back.
  func take(_ name: Path, now: Double) throws(SystemError) -> TakenFile? {
    let file = TakenFile(sequence: try sequences.next(), name: name, recovered: false, taken: now)
    do throws(SystemError) {
      try control.rename(name, to: taken, file.file)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
    try taken.sync()
    try control.sync()
    return file
  }

  private func readTaken(now: Double) throws(SystemError) -> [ControlRequest] {
    var requests: [ControlRequest] = []
    var waiting: [TakenFile] = []
    for file in unread {
      switch file.read(in: taken, now: now) {
      case .unfinished: waiting.append(file)
      case .unreadable(let reason): try reject(file, user: 0, reason)
      case .whole(let bytes, let status):
        if let request = try accept(file, bytes, status) { requests.append(request) }
      }
    }
    unread = waiting
    return requests
  }

  private func accept(_ file: TakenFile, _ bytes: [UInt8], _ status: FileStatus) throws(SystemError) -> ControlRequest?
  {
    switch ControlFolder.request(file, bytes, status) {
    case .success(let request):
      let waits = request.arguments.at.map { "waits for \($0.description)" } ?? ""
      try update(request, .accepted, message: waits)
      return request
    case .failure(let refusal):
      try reject(file, user: Int(status.owner), refusal.description)
      return nil
    }
  }

  private static func request(
    _ file: TakenFile, _ bytes: [UInt8], _ status: FileStatus
  ) -> Result<ControlRequest, ControlRefusal> {
    Result { () throws(ControlRefusal) in
      let name = try ControlName.parse(file.name.description).get()
      let arguments = try ControlArguments(bytes, for: name.verb)
      return ControlRequest(
        sequence: file.sequence, name: name, arguments: arguments, user: Int(status.owner),
        touched: Double(status.modified) * 1e-9, taken: file.taken, recovered: file.recovered)
    }
  }

  private func reject(_ file: TakenFile, user: Int, _ reason: String) throws(SystemError) {
    var answer = ControlAcknowledgement(
      sequence: file.sequence, name: file.name.description, state: .rejected, user: user, taken: file.taken)
    answer.message = reason
    answer.seconds = max(0, Clock.wall() - file.taken)
    try answer.write(file.name, in: acknowledgements)
    try? taken.remove(file.file)
  }

  /// Rewrites the answer of a request. A final state is on the disk, and the request forgotten, when this returns.
  public func update(
    _ request: ControlRequest, _ state: ControlState, _ place: ControlPlace = ControlPlace(), message: String = ""
  ) throws(SystemError) {
    var answer = ControlAcknowledgement(
      sequence: request.sequence, name: request.name.description, state: state, user: request.user, taken: request.taken
    )
    answer.arguments = request.arguments.pairs.map { JSONMember($0.key, .string($0.value)) }
    answer.place = place
    answer.message = message
    answer.seconds = max(0, Clock.wall() - request.taken)
    let name = Path(request.name.description)
    try answer.write(name, in: acknowledgements)
    if state.isFinal { try? taken.remove(ControlSequence.prefix(request.sequence, name)) }
  }

  /// Answers and links that a dead process of this role had in the making.
  private func removeTemporaries() throws(SystemError) {
    for file in try acknowledgements.names() where file.hasPrefix(".") && file.hasSuffix(".json.tmp") {
      var name = Path(Array(file.bytes.dropFirst().dropLast(".json.tmp".utf8.count)))
      if name.hasPrefix("last-") { name = Path(Array(name.bytes.dropFirst("last-".utf8.count))) }
      if let (_, rest) = ControlSequence.split(name) { name = rest }
      if isOurs(name) { try? acknowledgements.remove(file) }
    }
  }

  private func recoverTaken() throws(SystemError) {
    try removeTemporaries()
    for file in try taken.names() {
      guard let (sequence, name) = ControlSequence.split(file) else { continue }
      let answer = try ControlAcknowledgement.read(ControlAcknowledgement.fileName(sequence, name), in: acknowledgements)
      if let answer, answer.state.isFinal {
        try? taken.remove(file)
        continue
      }
      guard isOurs(name) else { continue }
      let when = answer?.taken ?? Clock.wall()
      unread.append(TakenFile(sequence: sequence, name: name, recovered: true, taken: when))
    }
    unread.sort { $0.sequence < $1.sequence }
  }

  private func isOurs(_ name: Path) -> Bool {
    switch ControlName.parse(name.description) {
    case .success(let known): known.verb.taker == role
    case .failure: role == .agent
    }
  }
}
