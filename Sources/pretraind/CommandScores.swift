import Bytes
import Documents

/// Scores that a program gives, a BERT-family model for example: it reads lines `{"id", "channel", "text"}`, where the
/// text is the prose without what was carved out, and answers `{"score"}` for each, 0...1, higher is better.
final class CommandScores {
  private let program: LineCommand
  private let minimumProseBytes: Int

  init(_ program: LineCommand, minimumProseBytes: Int) {
    self.program = program
    self.minimumProseBytes = minimumProseBytes
  }

  /// Code, math and documents with next to no prose keep the score that they have: the neutral one.
  func score(_ documents: inout [Document]) throws {
    let asked = documents.indices.filter { index in
      let document = documents[index]
      return document.channel != .code && document.channel != .math
        && document.text.count - document.carvedBytes >= minimumProseBytes
    }
    let names = ChannelTable.builtIn
    let answers = try program.ask(
      asked.map { index in
        let document = documents[index]
        let channel = Int(document.channel.index) < names.count ? names[Int(document.channel.index)] : ""
        return JSONWriter.compact(
          .object([
            "id": .string(document.id.description), "channel": .string(channel), "text": .text(document.prose),
          ]))
      })
    for (index, answer) in zip(asked, answers) {
      guard let score = answer["score"]?.number, (0...1).contains(score) else {
        throw LabelError("the score command answered no \"score\" of 0...1 for document \(documents[index].id)")
      }
      documents[index].score = Float(score)
      documents[index].signals[.qualityScore] = Float(score)
    }
  }

  func finish() throws { try program.finish() }
}
