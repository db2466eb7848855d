import Bytes
import Posix

/// What an earlier process left, and what must not grow for ever.
extension ControlFolder {
  func recoverTaken() throws(SystemError) {
    var present: Set<Int> = []
    for file in try taken.names() {
      guard let (sequence, name) = ControlSequence.split(file) else { continue }
      let answer = try ControlAcknowledgement.read(
        ControlAcknowledgement.fileName(sequence, name), in: acknowledgements)
      if let answer, answer.state.isFinal {
        try? taken.remove(file)
        continue
      }
      present.insert(sequence)
      guard isOurs(name) else { continue }
      let when = answer?.taken ?? Clock.wall()
      unread.append(TakenFile(sequence: sequence, name: name, recovered: true, taken: when, earlier: answer))
    }
    unread.sort { $0.sequence < $1.sequence }
    try removeTemporaries()
    try recoverReloads(present: present)
  }

  /// What a dead process of this role did not finish. Other roles write here too, so only what was ours goes.
  private func removeTemporaries() throws(SystemError) {
    for folder in [taken, acknowledgements] {
      for name in try folder.names() where name.hasPrefix(".") && name.hasSuffix(".tmp") {
        let inner = Path(Array(name.bytes.dropFirst().dropLast(".tmp".utf8.count)))
        if isOwnNote(inner) { try folder.remove(name) }
      }
    }
  }

  /// `.frozen-R`, `.frozen-R-ROLE`, `.reply-R-ROLE`, `.stopped-ROLE`, `R-NAME.json`, `last-NAME.json`: whether this
  /// role writes it.
  private func isOwnNote(_ name: Path) -> Bool {
    if isOwnFrozen(name) { return true }
    if name.hasPrefix(".") { return name.hasSuffix("-" + role.rawValue) }
    let last = "last-"
    let answer =
      name.hasPrefix(last) ? Path(Array(name.bytes.dropFirst(last.utf8.count))) : ControlSequence.split(name)?.name
    guard let answer, answer.hasSuffix(".json") else { return false }
    return isOurs(Path(Array(answer.bytes.dropLast(".json".utf8.count))))
  }

  /// What requests that this role takes meant when they were taken.
  func isOwnFrozen(_ name: Path) -> Bool {
    guard name.hasPrefix(".frozen-") else { return false }
    let words = name.description.split(separator: "-")
    return words.count == 2 ? role == .trainer : words.last.map(String.init) == role.rawValue
  }

  private func isOurs(_ name: Path) -> Bool {
    switch ControlName.parse(name.description) {
    case .success(let known): known.verb.taker == role || (known.verb == .reload && isSenior)
    case .failure: role == .agent
    }
  }

  /// The file whose time says when this role was last left in order.
  private var stopMarker: Path { Path(".stopped-" + role.rawValue) }

  /// To be called when the house is left because somebody asked for it: what is older then is stale at the next start.
  /// The time is the file system's own, so that it can be compared with a sentinel's, whatever the clocks say.
  public func markCleanStop() throws(SystemError) {
    try taken.replaceFile(stopMarker, with: Array("\(Clock.stamp())\n".utf8))
  }

  /// In nanoseconds; nil when the role was never left in order.
  var cleanStop: Int? { taken.glance(stopMarker)?.modified }

  /// Keeps the newest answers and all that are not final.
  func prune() throws(SystemError) {
    var answers = try acknowledgements.names().compactMap { file in
      ControlSequence.split(file).map { (sequence: $0.sequence, name: $0.name, file: file) }
    }
    guard answers.count > rules.keepAcknowledgements + rules.keepAcknowledgements / 8 else { return }
    answers.sort { $0.sequence < $1.sequence }
    let last = answers.count - rules.keepAcknowledgements
    let kept = Set(answers[last...].map(\.name))
    for answer in answers[..<last] {
      // Another role may do the same at this moment.
      guard try ControlAcknowledgement.read(answer.file, in: acknowledgements)?.state.isFinal ?? false else { continue }
      try? acknowledgements.remove(answer.file)
      let name = Path(Array(answer.name.bytes.dropLast(".json".utf8.count)))
      if !kept.contains(answer.name) { try? acknowledgements.remove(ControlAcknowledgement.link(name)) }
    }
  }
}
