import Bytes
import Documents

/// What another program is asked for scores, and what its answers may be: lines of JSON, one for one, in order.
///
/// Only prose is asked about: neither code and math nor what was carved out, and of a document the first
/// `score.command_kb` only.
public struct ScoreQuestions: Sendable {
  /// Why a line is no answer.
  public struct Refusal: Error, CustomStringConvertible {
    public let description: String
  }

  /// Answers are numbers: a longer line is none.
  public static let longestAnswer = 65_536
  private static let longestName = 200

  private let settings: ScoreSettings
  private let channels: ChannelTable

  public init(_ settings: ScoreSettings, channels: ChannelTable) {
    self.settings = settings
    self.channels = channels
  }

  /// False for documents that keep the score they have.
  public func isAsked(_ document: Document) -> Bool {
    document.channel != .code && document.channel != .math
      && document.text.count - document.carvedBytes >= settings.minimumProseBytes
  }

  /// `{"id", "channel", "text"}`, without a line feed.
  public func line(_ document: Document) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("id")
    writer.value(.string(document.id.description))
    writer.key("channel")
    writer.value(.string(channels.name(document.channel)))
    writer.key("text")
    writer.text(beginning(document))
    writer.endObject()
    return writer.bytes
  }

  /// The first prose of a document, whole characters of it.
  private func beginning(_ document: Document) -> [UInt8] {
    let most = settings.commandKilobytes * 1024
    var text: [UInt8] = []
    for span in document.proseSpans {
      text += document.text[span.prefix(most - text.count + 4)]
      if text.count > most { break }
    }
    guard text.count > most else { return text }
    var end = most
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }

  /// Takes the answer to a document's question: `{"score"}` of 0...1, with `model` and `id` where the program gives
  /// them.
  public func take(_ answer: [UInt8], for document: inout Document) throws(Refusal) {
    guard let value = try? JSONParser.parse(answer) else {
      throw Refusal(description: "answered no JSON for document \(document.id): \(ScoreQuestions.shown(answer))")
    }
    guard let score = value["score"]?.number, (0...1).contains(score) else {
      throw Refusal(
        description: "answered no \"score\" of 0...1 for document \(document.id): \(ScoreQuestions.shown(answer))")
    }
    if let id = value["id"]?.string, id != document.id.description {
      throw Refusal(description: "answered for \(id.prefix(100)) when \(document.id) was due: answers come in order")
    }
    document.score = Scorer.withPrior(Float(score), document)
    document.signals[.qualityScore] = document.score
    document.scoredBy = String((value["model"]?.string ?? "score.command").prefix(ScoreQuestions.longestName))
  }

  private static func shown(_ line: [UInt8]) -> String {
    String(decoding: line.prefix(200).map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
  }
}
