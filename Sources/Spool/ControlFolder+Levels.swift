import Bytes
import Posix

extension ControlFolder {
  /// Whether a sentinel of this verb lies in `control/` (as of the last poll) and its moment has come; with tags, until
  /// the last of them goes. The first time it is, its answer becomes `running`, and it stays in force from then on.
  public func isInForce(_ verb: ControlVerb, _ place: ControlPlace = ControlPlace()) throws(SystemError) -> Bool {
    var found = false
    for (name, level) in levels where level.verb == verb {
      if level.answer.state != .running {
        let moment = level.arguments.at
        guard moment?.isReached(step: place.step ?? .max, block: place.block ?? .max) ?? true else { continue }
        try answer(name, .running, place, "in force until control/\(name) is removed")
      }
      found = true
    }
    // One that is still being written holds until it is known what it says.
    return found || unsettled.keys.contains { ControlFolder.verb($0) == verb && levels[$0] == nil }
  }

  private static func verb(_ name: Path) -> ControlVerb? {
    if case .success(let known) = ControlName.parse(name.description) { known.verb } else { nil }
  }

  /// Reads a level sentinel in place: its moment and its form are all that counts, and the file stays.
  func noteLevel(
    _ name: Path, _ known: ControlName, _ status: FileStatus, now: Double
  ) throws(SystemError) {
    let before = levels[name]
    if let seen = before?.status, seen.inode == status.inode, seen.isSameContent(as: status) { return }
    if before == nil, status.kind != .regular || (status.links > 1 && !isNew(name, for: 1, now: now)) {
      return try take(name, nil, status, now: now)
    }
    if status.links > 1 { return }
    guard let bytes = levelContent(name, status, now: now) else { return }
    unsettled[name] = nil
    guard let arguments = ControlFolder.levelArguments(bytes, known) else {
      // Taken away, read there, and rejected with what would be right.
      return try take(name, nil, status, now: now)
    }
    if before?.arguments == arguments {
      levels[name]?.status = status
      return
    }
    if before != nil { try end(name, "replaced by another") }
    try begin(name, known, arguments, status)
  }

  private static func levelArguments(_ bytes: [UInt8], _ known: ControlName) -> ControlArguments? {
    guard let arguments = try? ControlArguments(bytes, for: known.verb) else { return nil }
    return arguments.suits(known.verb) ? arguments : nil
  }

  /// nil while somebody may still be writing. What may not be read holds as if it were empty: it is there.
  private func levelContent(_ name: Path, _ status: FileStatus, now: Double) -> [UInt8]? {
    do throws(SystemError) {
      let file = try control.openFile(name)
      if SentinelFile.isBeingWritten(file, status, now: now), isNew(name, for: 5, now: now) { return nil }
      return try file.readAll(limit: ControlArguments.limit + 1)
    } catch {
      if error.isForbidden { return [] }
      // Too long: what there is of it is refused.
      if error.isTooLong { return [UInt8](repeating: 0, count: ControlArguments.limit + 1) }
      // It may be read the next time: looked at again until it is.
      _ = isNew(name, for: 0, now: now)
      return nil
    }
  }

  /// True for so many seconds after it was first asked about.
  private func isNew(_ name: Path, for seconds: Double, now: Double) -> Bool {
    let since = unsettled[name] ?? now
    unsettled[name] = since
    return now - since < seconds
  }

  private func begin(
    _ name: Path, _ known: ControlName, _ arguments: ControlArguments, _ status: FileStatus
  ) throws(SystemError) {
    var answer = ControlAcknowledgement(
      sequence: try sequences.next(), name: name.description, state: .accepted, user: Int(status.owner),
      taken: Clock.wall())
    answer.arguments = arguments.pairs.map { JSONMember($0.key, .string($0.value)) }
    answer.message = arguments.at.map { "waits for \($0.description)" } ?? ""
    levels[name] = ControlLevel(verb: known.verb, arguments: arguments, answer: answer, status: status)
    try write(answer, of: name)
  }

  /// It is in force, or over, whether there is room to say so or not.
  private func write(_ answer: ControlAcknowledgement, of name: Path) throws(SystemError) {
    do throws(SystemError) {
      try answer.write(name, in: acknowledgements)
    } catch {
      guard error.isScarce else { throw error }
      owed[answer.sequence] = answer
    }
  }

  func endLevels(absentFrom present: Set<Path>) throws(SystemError) {
    unsettled = unsettled.filter { present.contains($0.key) }
    for name in levels.keys.sorted() where !present.contains(name) { try end(name, "removed") }
  }

  private func end(_ name: Path, _ reason: String) throws(SystemError) {
    try answer(name, .done, nil, reason)
    levels[name] = nil
  }

  private func answer(
    _ name: Path, _ state: ControlState, _ place: ControlPlace?, _ message: String
  ) throws(SystemError) {
    guard var level = levels[name] else { return }
    level.answer.state = state
    if let place { level.answer.place = place }
    level.answer.message = message
    level.answer.seconds = max(0, Clock.wall() - level.answer.taken)
    levels[name] = level
    try write(level.answer, of: name)
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
