import Bytes
import Decoding
import Glibc
import Posix
import Spool

/// Runs one record alone in a process of its own, up to three times, to learn whether it kills what reads it.
struct RecordTrial {
  /// The program and its words: our own, with this agent's configuration.
  let words: [String]
  let layout: SpoolLayout
  let settings: ReadSettings
  let patience: DiskPatience
  static let attempts = 3
  /// What is to be tried, for the process that tries it.
  static let orderName: Path = "trial.json"

  enum Verdict {
    case lives
    case dies(Poison)
    /// We were asked to leave meanwhile.
    case interrupted
    /// The trial itself did not work: nothing is known.
    case failed(String)
  }

  func run(_ claim: Claim) -> Verdict {
    do throws(SystemError) {
      try layout.state.replaceFile(
        RecordTrial.orderName,
        with: JSONWriter.pretty(
          .object(["claim": claim.journalRecord, "progress": claim.progress.json(claim.sequence)])),
        durable: false)
      defer { try? layout.state.remove(RecordTrial.orderName) }
      var last: (stage: String, end: LimitedChild.End)?
      for _ in 0..<RecordTrial.attempts {
        let (stages, end) = try attempt(claim)
        if Signals.stopRequested { return .interrupted }
        if case .exited(let status) = end {
          if status == 0 && stages.last == RecordTrial.done { return .lives }
          return .failed("the process that tries a record \(end)")
        }
        last = (stages.last ?? Poison.readStage, end)
      }
      guard let last else { return .failed("no attempt") }
      return .dies(
        Poison(
          RecordKey(claim: claim.sequence, record: claim.progress.record), offset: claim.progress.offset,
          line: claim.progress.line, stage: last.stage, end: "\(last.end)", deaths: RecordTrial.attempts))
    } catch {
      try? layout.state.remove(Directory.temporary(RecordTrial.orderName))
      if Signals.stopRequested { return .interrupted }
      return .failed("\(error)")
    }
  }

  static let done = "done"
  /// A sign of life between two stages.
  static let tick = "."

  /// One process: the stages it told that it entered, and how it ended.
  private func attempt(_ claim: Claim) throws(SystemError) -> ([String], LimitedChild.End) {
    let limits = ProcessLimits(
      memory: settings.recordMegabytes << 20, processorSeconds: -1, silentSeconds: Double(settings.recordSeconds))
    let child = try patience.wait { () throws(SystemError) in
      try LimitedChild(
        words, input: try layout.claimed.openFile(claim.claimedName), limits: limits, surroundings: .inherited)
    }
    var told: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      var failure: SystemError?
      let count = chunk.withUnsafeMutableBytes { buffer in
        do throws(SystemError) {
          return try child.read(into: buffer) {
            ServiceNotify.beat()
            return !Signals.stopRequested
          }
        } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw failure }
      if count == 0 { break }
      told += chunk[..<count]
    }
    let lines = told.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    return (lines.filter { $0 != RecordTrial.tick }, child.wait())
  }
}
