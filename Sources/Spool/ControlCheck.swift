import Posix

/// Requests that were taken and have no final answer.
public enum ControlCheck {
  public static func look(_ root: Directory) throws(SystemError) -> SpoolFindings {
    var findings = SpoolFindings()
    guard let taken = try? root.open("control/.taken"), let answers = try? root.open("control/ack") else {
      return findings
    }
    for file in try taken.names() {
      guard let (sequence, name) = ControlSequence.split(file) else { continue }
      let path = "control/.taken/\(file)"
      let answer = try ControlAcknowledgement.read(ControlAcknowledgement.fileName(sequence, name), in: answers)
      if let answer, answer.state.isFinal {
        findings.add("C2", .removed, path, "answered: \(answer.state.rawValue)")
      } else if isWithdrawing(sequence, taken) {
        findings.add("C10", .goesOn, path, "a discard that was begun: what it names and is still there goes")
      } else {
        findings.add("C1", .goesOn, path, "taken and not yet answered: taken up again")
      }
    }
    return findings
  }

  /// Beside a request that is carried out the agent keeps what it withdraws.
  private static func isWithdrawing(_ sequence: Int, _ taken: Directory) -> Bool {
    guard let meaning = try? taken.read(TakenFile.frozen(sequence, .agent), limit: 1 << 20) else { return false }
    return meaning.starts(with: "withdraw".utf8)
  }
}
