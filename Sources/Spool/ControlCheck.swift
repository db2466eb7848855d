import Posix

/// Requests that are asked, taken, in force, and what is left of answered ones: the rows C.
public struct ControlCheck {
  private let control: Directory
  private let taken: Directory
  private let answers: Directory
  private var findings = SpoolFindings()
  /// Requests that wait in `.taken`.
  private var open: Set<Int> = []

  public static func look(_ root: Directory) throws(SystemError) -> SpoolFindings {
    guard let control = try? root.open("control"), let taken = try? control.open(".taken"),
      let answers = try? control.open("ack")
    else { return SpoolFindings() }
    var check = ControlCheck(control, taken, answers)
    try check.lookAtTaken()
    try check.lookAtNotes()
    try check.lookAtAnswers()
    try check.lookAtRequests()
    return check.findings
  }

  private init(_ control: Directory, _ taken: Directory, _ answers: Directory) {
    self.control = control
    self.taken = taken
    self.answers = answers
  }

  private mutating func lookAtTaken() throws(SystemError) {
    for file in try taken.names() {
      guard let (sequence, name) = ControlSequence.split(file) else { continue }
      let path = "control/.taken/\(file)"
      let answer = try ControlAcknowledgement.read(ControlAcknowledgement.fileName(sequence, name), in: answers)
      if let answer, answer.state.isFinal {
        findings.add("C2", .removed, path, "answered: \(answer.state.rawValue)")
      } else if ControlCheck.isWithdrawing(sequence, taken) {
        open.insert(sequence)
        findings.add("C10", .goesOn, path, "a discard that was begun: what it names and is still there goes")
      } else {
        open.insert(sequence)
        findings.add("C1", .goesOn, path, "taken and not yet answered: taken up again")
      }
    }
  }

  /// What the roles keep beside taken requests.
  private mutating func lookAtNotes() throws(SystemError) {
    for file in try taken.names() where ControlSequence.split(file) == nil {
      let path = "control/.taken/\(file)"
      if file.hasPrefix("."), file.hasSuffix(".tmp") {
        findings.add("C7", .removed, path, SpoolTemporaries.reason)
      } else if let sequence = ControlCheck.number(file, after: ".frozen-")
        ?? ControlCheck.number(file, after: ".reply-")
      {
        if !open.contains(sequence) { findings.add("C7", .removed, path, "its request is not there") }
      } else if !SpoolPattern.matches(".seq-#", file.bytes), !ControlCheck.isStopMarker(file) {
        findings.add("S2", .left, path, "no part of a spool: nothing reads it; mv it away, or rm it")
      }
    }
  }

  private static func isStopMarker(_ file: Path) -> Bool {
    ControlRole.allCases.contains { file == Path(".stopped-\($0.rawValue)") }
  }

  /// The digits after a prefix; nil when it has another.
  private static func number(_ file: Path, after prefix: String) -> Int? {
    guard file.hasPrefix(prefix) else { return nil }
    let digits = file.bytes.dropFirst(prefix.utf8.count).prefix { $0 >= 0x30 && $0 <= 0x39 }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private mutating func lookAtAnswers() throws(SystemError) {
    for file in try answers.names() {
      let path = "control/ack/\(file)"
      if file.hasPrefix("."), file.hasSuffix(".tmp") {
        findings.add("C7", .removed, path, SpoolTemporaries.reason)
      } else if let (_, rest) = ControlSequence.split(file), rest.hasSuffix(".json") {
        try lookAtLevel(file, rest)
      } else if !SpoolPattern.matches("last-*.json", file.bytes) {
        findings.add("S2", .left, path, "no part of a spool: nothing reads it; mv it away, or rm it")
      }
    }
  }

  /// The answer of a level that was in force.
  private mutating func lookAtLevel(_ file: Path, _ rest: Path) throws(SystemError) {
    let name = Path(Array(rest.bytes.dropLast(".json".utf8.count)))
    guard case .success(let known) = ControlName.parse(name.description), known.verb.isLevel,
      let answer = try ControlAcknowledgement.read(file, in: answers), !answer.state.isFinal
    else { return }
    if try control.isThere(name) {
      findings.add("C3", .goesOn, "control/\(name)", "answered \(answer.state.rawValue): goes on with the same answer")
    } else {
      findings.add("C4", .finished, "control/ack/\(file)", "control/\(name) is gone: answered done")
    }
  }

  /// What people asked for and nobody took.
  private mutating func lookAtRequests() throws(SystemError) {
    let inForce = Set(findings.list.map(\.path))
    for name in try control.names() {
      let path = "control/\(name)"
      if inForce.contains(path) || ["ack", ".taken"].contains(name) || name.hasPrefix("README") { continue }
      if name.hasPrefix(".for-") {
        let digits = name.bytes.split(separator: UInt8(ascii: "-")).dropFirst(2).first.map {
          String(decoding: $0, as: UTF8.self)
        }
        if !(digits.flatMap { Int($0) }.map { open.contains($0) } ?? false) {
          findings.add("C9", .removed, path, "a link to a request that has its answer")
        }
      } else if ControlFolder.isIgnored(name) {
        findings.add("S2", .left, path, "a request whose writer did not finish it; rm it, or give it its name")
      } else if case .success(let known) = ControlName.parse(name.description) {
        findings.add("C11", .goesOn, path, "asked for and not yet taken: by the \(known.verb.taker.rawValue)")
      } else {
        findings.add("C11", .finished, path, "no request that is known: rejected with what would be right")
      }
    }
  }

  /// Beside a request that is carried out the agent keeps what it withdraws.
  private static func isWithdrawing(_ sequence: Int, _ taken: Directory) -> Bool {
    guard let meaning = try? taken.read(TakenFile.frozen(sequence, .agent), limit: 1 << 20) else { return false }
    return meaning.starts(with: "withdraw".utf8)
  }
}
