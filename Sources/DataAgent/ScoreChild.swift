import Posix
import Scoring

/// One run of `score.command`, or of another command of its kind: a child that reads questions and prints answers,
/// bounded in memory, in time an answer and in length of an answer.
final class ScoreChild {
  /// Why it gave no answer: it is killed and nothing of it is used any more.
  struct Trouble: Error, CustomStringConvertible {
    let description: String
  }

  private let child: LimitedChild
  private let input: ChildInput
  private let seconds: Double
  /// The setting that names the command.
  private let setting: String
  private var buffer: [UInt8] = []

  convenience init(_ settings: ScoreSettings) throws(SystemError) {
    try self.init(
      settings.command, setting: "score.command", seconds: settings.commandSeconds, megabytes: settings.commandMegabytes
    )
  }

  /// - Parameters:
  ///   - seconds: that an answer may take.
  ///   - megabytes: of address space; 0 = no limit.
  init(_ command: String, setting: String, seconds: Int, megabytes: Int) throws(SystemError) {
    let (reading, input) = try ChildInput.make()
    self.input = input
    self.setting = setting
    self.seconds = Double(seconds)
    var limits = ProcessLimits(
      memory: megabytes > 0 ? megabytes << 20 : -1, processorSeconds: -1, silentSeconds: Double(seconds))
    // Models keep files and descriptors of their own.
    limits.fileBytes = -1
    limits.descriptors = -1
    // Its user's surroundings: where models lie, which device to use.
    child = try LimitedChild(
      ["/bin/sh", "-c", command], input: reading, limits: limits, surroundings: .inherited)
  }

  /// The answers to questions, in order. The empty line asks for all that it owes: it may work in batches.
  func ask(_ questions: [[UInt8]]) throws -> [[UInt8]] {
    try checkNothingIsOver()
    input.tell(questions.flatMap { $0 + [0x0A] } + [0x0A])
    var answers: [[UInt8]] = []
    while answers.count < questions.count { answers.append(try nextLine(answers.count, questions.count)) }
    try checkNothingIsOver()
    return answers
  }

  /// An answer too many would be taken for the next document's. One that comes late is told by its `id` alone.
  private func checkNothingIsOver() throws {
    if child.hasOutput { try read(0, 0) }
    if buffer.contains(where: { $0 > 0x20 }) { throw trouble("answered more than it was asked") }
    buffer = []
  }

  private func nextLine(_ known: Int, _ asked: Int) throws -> [UInt8] {
    let deadline = Clock.monotonic() + seconds
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let line = Array(buffer[..<end])
        buffer.removeSubrange(...end)
        searched = 0
        if !line.allSatisfy({ $0 <= 0x20 }) { return line }
        continue
      }
      searched = buffer.count
      if buffer.count > ScoreQuestions.longestAnswer {
        throw trouble("printed a line of more than \(ScoreQuestions.longestAnswer) bytes")
      }
      if Clock.monotonic() > deadline {
        throw trouble("took longer than \(setting)_s (\(Int(seconds)) s) for an answer")
      }
      try read(known, asked)
    }
  }

  private func read(_ known: Int, _ asked: Int) throws {
    let chunk = 16_384
    let had = buffer.count
    buffer += [UInt8](repeating: 0, count: chunk)
    var failure: SystemError?
    let count = buffer.withUnsafeMutableBytes { bytes in
      do throws(SystemError) {
        return try child.read(
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[had...]), telling: input,
          onWait: { !Signals.stopRequested })
      } catch {
        failure = error
        return 0
      }
    }
    buffer.removeSubrange((had + count)...)
    if let failure { throw failure }
    if count > 0 { return }
    if Signals.stopRequested { throw GivenUp(work: "asking \(setting)") }
    throw trouble(asked > 0 ? "\(child.wait()) with \(known) of \(asked) answers given" : "\(child.wait())")
  }

  private func trouble(_ what: String) -> Trouble {
    let complaint = child.firstComplaint
    child.kill()
    return Trouble(description: complaint.isEmpty ? what : what + "; it says: \(complaint)")
  }
}
