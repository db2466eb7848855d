import Bytes
import Posix

/// What an earlier process left, and what must not grow for ever.
extension ControlFolder {
  func recoverTaken() throws(SystemError) {
    try removeTemporaries()
    var present: Set<Int> = []
    for file in try taken.names() {
      guard let (sequence, name) = ControlSequence.split(file) else { continue }
      let answer = try ControlAcknowledgement.read(ControlAcknowledgement.fileName(sequence, name), in: acknowledgements)
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
    try recoverReloads(present: present)
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
