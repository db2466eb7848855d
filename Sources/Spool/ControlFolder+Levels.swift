import Bytes
import Posix

/// A level sentinel that is there: answered once, in force from its moment on until the file goes.
struct ControlLevel {
  let verb: ControlVerb
  let arguments: ControlArguments
  var answer: ControlAcknowledgement
}

extension ControlFolder {
  /// Whether a sentinel of this verb lies in `control/` (as of the last poll) and its moment has come. The first time
  /// it
  /// is, its answer becomes `running`.
  public func isInForce(_ verb: ControlVerb, _ place: ControlPlace = ControlPlace()) throws(SystemError) -> Bool {
    var found = false
    for (name, level) in levels where level.verb == verb {
      let moment = level.arguments.at
      guard moment?.isReached(step: place.step ?? .max, block: place.block ?? .max) ?? true else { continue }
      found = true
      if level.answer.state == .running { continue }
      try answer(name, .running, place, "in force until control/\(name) is removed")
    }
    return found
  }

  func noteLevel(_ name: Path, _ known: ControlName) throws(SystemError) {
    if levels[name] != nil { return }
    // Read in place: its moment and its form are all that counts, and the file stays.
    guard let file = try? control.openFile(name), file.probeReadLease() != .openForWriting,
      let bytes = try? file.readAll(limit: ControlArguments.limit), let status = try? file.status()
    else { return }
    let parsed = Result { () throws(ControlRefusal) in try ControlArguments(bytes, for: known.verb) }
    switch parsed {
    case .success(let arguments): try begin(name, known, arguments, status)
    case .failure(let refusal): try rejectLevel(name, user: Int(status.owner), refusal.description)
    }
  }

  private func begin(
    _ name: Path, _ known: ControlName, _ arguments: ControlArguments, _ status: FileStatus
  ) throws(SystemError) {
    var answer = ControlAcknowledgement(
      sequence: try sequences.next(), name: name.description, state: .accepted, user: Int(status.owner),
      taken: Clock.wall())
    answer.arguments = arguments.pairs.map { JSONMember($0.key, .string($0.value)) }
    answer.message = arguments.at.map { "waits for \($0.description)" } ?? ""
    try answer.write(name, in: acknowledgements)
    levels[name] = ControlLevel(verb: known.verb, arguments: arguments, answer: answer)
  }

  private func rejectLevel(_ name: Path, user: Int, _ reason: String) throws(SystemError) {
    guard let file = try take(name, now: Clock.wall()) else { return }
    var answer = ControlAcknowledgement(
      sequence: file.sequence, name: name.description, state: .rejected, user: user, taken: file.taken)
    answer.message = reason
    try answer.write(name, in: acknowledgements)
    try? taken.remove(file.file)
  }

  func endLevels(absentFrom present: Set<Path>) throws(SystemError) {
    for name in levels.keys where !present.contains(name) {
      try answer(name, .done, nil, "removed")
      levels[name] = nil
    }
  }

  private func answer(
    _ name: Path, _ state: ControlState, _ place: ControlPlace?, _ message: String
  ) throws(SystemError) {
    guard var level = levels[name] else { return }
    level.answer.state = state
    if let place { level.answer.place = place }
    level.answer.message = message
    level.answer.seconds = max(0, Clock.wall() - level.answer.taken)
    try level.answer.write(name, in: acknowledgements)
    levels[name] = level
  }

  /// Level sentinels that an earlier process had answered with `running`: the same answer goes on, and ends when they
  /// go.
  func recoverLevels() throws(SystemError) {
    for file in try acknowledgements.names() {
      guard let (_, rest) = ControlSequence.split(file), rest.hasSuffix(".json") else { continue }
      let name = Path(Array(rest.bytes.dropLast(".json".utf8.count)))
      guard case .success(let known) = ControlName.parse(name.description), known.verb.isLevel,
        known.verb.taker == role,
        let answer = try ControlAcknowledgement.read(file, in: acknowledgements), !answer.state.isFinal
      else { continue }
      let pairs = answer.arguments.compactMap { pair in pair.value.string.map { (pair.name, $0) } }
      let arguments = (try? ControlArguments(pairs, for: known.verb)) ?? ControlArguments()
      levels[name] = ControlLevel(verb: known.verb, arguments: arguments, answer: answer)
    }
  }
}
