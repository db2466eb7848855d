import Bytes
import Posix

/// From a taken file to a request or a refusal, and from a request to its answer.
extension ControlFolder {
  func readTaken(into requests: inout [ControlRequest]) throws(SystemError) {
    guard !unread.isEmpty else { return }
    try syncTaken()
    let now = Clock.wall()
    var waiting: [TakenFile] = []
    var index = 0
    // One goes only when its answer is written: on a full disk it is looked at again.
    defer { unread = waiting + unread[index...] }
    while index < unread.count {
      let file = unread[index]
      switch file.read(in: taken, now: now) {
      case .unfinished: waiting.append(file)
      case .unreadable(let reason, let status): try reject(file, user: Int(status?.owner ?? 0), reason)
      case .whole(let bytes, let status):
        switch frozen(file) {
        case .unfinished:
          index += 1
          continue
        case .unreadable(let reason): try reject(file, user: Int(status.owner), reason)
        case .known(let meaning):
          if let request = try accept(file, bytes, status, meaning) { requests.append(request) }
        }
      }
      index += 1
    }
  }

  private func accept(
    _ file: TakenFile, _ bytes: [UInt8], _ status: FileStatus, _ frozen: String?
  ) throws(SystemError) -> ControlRequest? {
    let request: ControlRequest
    switch parse(file, bytes, status, frozen) {
    case .success(let parsed): request = parsed
    case .failure(let refusal):
      try reject(file, user: Int(status.owner), refusal.description)
      return nil
    }
    open[request.sequence] = (request, request.earlier?.state ?? .accepted)
    if request.earlier == nil {
      let waits = request.arguments.at.map { "waits for \($0.description)" } ?? ""
      try update(request, .accepted, message: waits)
      try coalesce(into: request)
    }
    if request.verb == .reload {
      reloads.requests[request.sequence] = request
      return nil
    }
    return request
  }

  private func parse(
    _ file: TakenFile, _ bytes: [UInt8], _ status: FileStatus, _ frozen: String?
  ) -> Result<ControlRequest, ControlRefusal> {
    Result { () throws(ControlRefusal) in
      let name = try ControlName.parse(file.name.description).get()
      let arguments = try ControlArguments(bytes, for: name.verb)
      guard arguments.suits(name.verb) else {
        throw ControlRefusal("at=step: is for the trainer; '\(name.verb.rawValue)' takes at=block:K")
      }
      if name.verb.isLevel { throw ControlRefusal("it changed while it was read; touch control/\(name) again") }
      if !file.recovered {
        if let reason = rules.refusal(of: name.verb, user: Int(status.owner)) { throw ControlRefusal(reason) }
        if name.verb.canBeStale, let stopped = cleanStop, status.modified < stopped {
          throw ControlRefusal("older than the last clean stop; to repeat it: touch control/\(name)")
        }
      }
      return ControlRequest(
        sequence: file.sequence, name: name, arguments: arguments, user: Int(status.owner), taken: file.taken,
        recovered: file.recovered, frozen: frozen, earlier: file.earlier)
    }
  }

  private enum Frozen {
    case known(String?)
    case unfinished
    case unreadable(String)
  }

  /// What a request meant when it was taken. The disk may read the next time what it does not now: without it the
  /// request would mean something else.
  private func frozen(_ file: TakenFile) -> Frozen {
    do throws(SystemError) {
      let bytes = try taken.readIfThere(TakenFile.frozen(file.sequence, role), limit: 1 << 20)
      return .known(bytes.map { String(decoding: $0, as: UTF8.self) })
    } catch {
      if Clock.monotonic() - firstUnread(file.sequence) < ControlFolder.patience { return .unfinished }
      return .unreadable("what it meant when it was taken cannot be read (\(error)); touch control/\(file.name) again")
    }
  }

  /// Monotonic seconds: a recovered file may have been taken long ago.
  private func firstUnread(_ sequence: Int) -> Double {
    let since = unreadable[sequence] ?? Clock.monotonic()
    unreadable[sequence] = since
    return since
  }

  /// A name is one slot: of its requests that were not begun, for the same moment, the newest counts.
  private func coalesce(into request: ControlRequest) throws(SystemError) {
    let older = open.named(request.name).filter { entry in
      entry.state == .accepted && entry.request.sequence < request.sequence
        && entry.request.arguments.at == request.arguments.at && entry.request.frozen == request.frozen
    }
    for entry in older {
      try update(
        entry.request, .coalesced, message: "asked for again before it was begun: request \(request.sequence) counts",
        into: request.sequence)
      reloads.requests[entry.request.sequence] = nil
    }
  }

  private func reject(_ file: TakenFile, user: Int, _ reason: String) throws(SystemError) {
    var answer = ControlAcknowledgement(
      sequence: file.sequence, name: file.name.description, state: .rejected, user: user, taken: file.taken)
    answer.message = reason
    answer.seconds = max(0, Clock.wall() - file.taken)
    try answer.write(file.name, in: acknowledgements)
    forget(file.sequence, file.name)
  }

  /// Rewrites the answer of a request. A final state is on the disk, and the request forgotten, when this returns; when
  /// the disk is full, as soon as there is room.
  /// - Parameter durable: on the disk before this returns, though not final.
  public func update(
    _ request: ControlRequest, _ state: ControlState, _ place: ControlPlace = ControlPlace(), message: String = "",
    into: Int? = nil, roles: [JSONMember] = [], durable: Bool = false
  ) throws(SystemError) {
    var answer = ControlAcknowledgement(
      sequence: request.sequence, name: request.name.description, state: state, user: request.user, taken: request.taken
    )
    answer.arguments = request.arguments.pairs.map { JSONMember($0.key, .string($0.value)) }
    answer.place = place
    answer.message = message
    answer.into = into
    answer.roles = roles
    answer.seconds = max(0, Clock.wall() - request.taken)
    if state.isFinal { open[request.sequence] = nil } else { open[request.sequence] = (request, state) }
    do throws(SystemError) {
      try write(answer, durable: durable)
    } catch {
      guard error.isScarce else { throw error }
      owed[request.sequence] = answer
    }
  }

  private func write(_ answer: ControlAcknowledgement, durable: Bool = false) throws(SystemError) {
    let name = Path(answer.name)
    try answer.write(name, in: acknowledgements, durable: durable)
    owed[answer.sequence] = nil
    guard answer.state.isFinal else { return }
    forget(answer.sequence, name)
    finalAnswers += 1
    if finalAnswers % max(64, rules.keepAcknowledgements / 8) == 0 { try prune() }
  }

  func settleOwed() throws(SystemError) {
    for answer in owed.values.sorted(by: { $0.sequence < $1.sequence }) { try write(answer) }
  }

  /// The answer is there: nothing of the request need stay.
  private func forget(_ sequence: Int, _ name: Path) {
    try? taken.remove(ControlSequence.prefix(sequence, name))
    let frozen = TakenFile.frozen(sequence, role)
    if taken.exists(frozen) { try? taken.remove(frozen) }
  }
}
