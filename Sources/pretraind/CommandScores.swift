import Documents
import Scoring

/// The scores of `score --command`: the same questions and answers as the agent's `score.command`.
final class CommandScores {
  private let program: LineCommand
  private let questions: ScoreQuestions

  init(_ program: LineCommand, _ settings: ScoreSettings, _ channels: ChannelTable) {
    self.program = program
    questions = ScoreQuestions(settings, channels: channels)
  }

  /// Code, math and documents with next to no prose keep the score that they have: the neutral one.
  func score(_ documents: inout [Document]) throws {
    let asked = documents.indices.filter { questions.isAsked(documents[$0]) }
    let answers = try program.lines(asked.map { questions.line(documents[$0]) })
    for (index, answer) in zip(asked, answers) { try questions.take(answer, for: &documents[index]) }
  }

  func finish() throws { try program.finish() }
}
