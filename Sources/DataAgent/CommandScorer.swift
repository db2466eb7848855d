import Bytes
import Documents
import Posix
import Scoring

/// `score.command` in the agent: one long-lived child that is asked about the documents of a batch, some at a time, so
/// that requests are heard in between. What it does wrong counts against it and not against a document: it is started
/// again, after a pause that doubles, and the documents wait.
public final class CommandScorer {
  /// With `--until-idle` documents do not wait for ever.
  public struct GaveUp: Error, CustomStringConvertible {
    public let description: String
  }

  enum Progress: Equatable {
    case done
    /// Some were scored, others are left.
    case more
    /// The command is to be started again later; why.
    case waits(String)
  }

  /// So many documents and bytes a turn.
  private static let slice = (documents: 64, bytes: 1 << 20)
  private static let longestPause = 60.0
  /// Ends of the command in a row after which `--until-idle` ends too.
  static let patience = 3

  private let settings: ScoreSettings
  private let questions: ScoreQuestions
  private let say: (String) -> Void
  private var child: ScoreChild?
  private var trouble: String?
  private var nextStart = 0.0
  /// Ends of the command without an answer in between.
  private(set) var failures = 0
  private var starts = 0
  private var scored = 0
  private var seconds = 0.0
  private var model = ""

  /// nil when no command is set.
  init?(_ settings: AgentSettings, say: @escaping (String) -> Void) {
    guard settings.score.enabled, !settings.score.command.isEmpty else { return nil }
    self.settings = settings.score
    questions = ScoreQuestions(settings.score, channels: settings.channels)
    self.say = say
  }

  /// Lets the child go.
  func close() { child = nil }

  /// Scores the next documents of `items` from `place` on, and moves it behind them.
  func score(_ items: inout [WorkItem], from place: inout Int) throws -> Progress {
    if let trouble, Clock.monotonic() < nextStart { return .waits(trouble) }
    let start = Clock.monotonic()
    defer { seconds += Clock.monotonic() - start }
    var asked: [Int] = []
    var lines: [[UInt8]] = []
    var bytes = 0
    var end = place
    while end < items.count, lines.count < CommandScorer.slice.documents, bytes < CommandScorer.slice.bytes {
      if case .document(let prepared) = items[end].content, questions.isAsked(prepared.document) {
        asked.append(end)
        lines.append(questions.line(prepared.document))
        bytes += lines.last!.count
      }
      end += 1
    }
    do {
      try take(lines.isEmpty ? [] : running().ask(lines), asked, &items)
    } catch let trouble as ScoreChild.Trouble {
      return fail(trouble.description)
    } catch let refusal as ScoreQuestions.Refusal {
      return fail(refusal.description)
    }
    if !lines.isEmpty { recover() }
    scored += lines.count
    place = end
    return end == items.count ? .done : .more
  }

  private func take(_ answers: [[UInt8]], _ asked: [Int], _ items: inout [WorkItem]) throws {
    for (index, answer) in zip(asked, answers) {
      guard case .document(var prepared) = items[index].content else { continue }
      try questions.take(answer, for: &prepared.document)
      model = prepared.document.scoredBy
      items[index].content = .document(prepared)
    }
  }

  private func running() throws -> ScoreChild {
    if let child { return child }
    let new: ScoreChild
    do throws(SystemError) {
      new = try ScoreChild(settings)
    } catch {
      throw ScoreChild.Trouble(description: "could not be started: \(error)")
    }
    starts += 1
    child = new
    return new
  }

  private func fail(_ reason: String) -> Progress {
    child = nil
    failures += 1
    let pause = min(CommandScorer.longestPause, Double(1 << min(failures - 1, 6)))
    nextStart = Clock.monotonic() + pause
    let message =
      "score.command \(reason); documents wait and it is started again, mend it or take it out of the configuration "
      + "(end number \(failures) in a row)"
    trouble = message
    say(message)
    return .waits(message)
  }

  private func recover() {
    if failures > 0 { say("score.command answers again") }
    failures = 0
    trouble = nil
  }

  /// For `status/agent.json`.
  var json: JSONValue {
    .object([
      "command": .string(settings.command), "model": .string(model), "scored": .integer(scored),
      "starts": .integer(starts), "seconds": .number((seconds * 1000).rounded() / 1000),
      "trouble": trouble.map { .string($0) } ?? .null,
    ])
  }
}
