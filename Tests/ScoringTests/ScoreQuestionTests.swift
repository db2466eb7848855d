import Bytes
import Documents
import Scoring
import Testing

@Suite struct ScoreQuestionTests {
  private static func questions(_ kilobytes: Int = 16) -> ScoreQuestions {
    var settings = ScoreSettings()
    settings.commandKilobytes = kilobytes
    return ScoreQuestions(settings, channels: ChannelTable(extra: ["law"]))
  }

  private static func document(_ text: String, _ channel: Channel = .english) -> Document {
    var document = Document(id: Identifier(high: 1, low: 2), text: Array(text.utf8), source: "s", origin: "o")
    document.channel = channel
    document.score = 0.25
    return document
  }

  private static let prose = String(repeating: "A line of prose that may be judged. ", count: 4)

  @Test(arguments: [
    (prose, Channel.english, true), (prose, .chinese, true), (prose, .instruct, true), (prose, Channel(5), true),
    (prose, .code, false), (prose, .math, false), ("Short.", .english, false),
  ])
  func onlyProseIsAskedAbout(_ text: String, _ channel: Channel, _ isAsked: Bool) {
    #expect(Self.questions().isAsked(Self.document(text, channel)) == isAsked)
  }

  @Test func carvedPartsAreNotShown() throws {
    let code = "```c\n" + String(repeating: "int main(void);\n", count: 9) + "```\n"
    var document = Self.document("Before.\n" + code + "After.\n")
    document.segments = [Segment(.code, 8..<(8 + code.utf8.count))]
    #expect(!Self.questions().isAsked(document), "next to no prose")
    let line = try JSONParser.parse(Self.questions().line(document))
    #expect(line["text"]?.string == "Before.\nAfter.\n")
    #expect(line["id"]?.string == document.id.description)
    #expect(line["channel"]?.string == "en")
    document.channel = Channel(5)
    #expect(try JSONParser.parse(Self.questions().line(document))["channel"]?.string == "law")
  }

  /// The program sees whole characters, at most so many bytes of them.
  @Test func longTextsAreCutBetweenCharacters() throws {
    for lead in 0..<4 {
      let document = Self.document(String(repeating: "x", count: lead) + String(repeating: "港", count: 1000))
      let text = try #require(try JSONParser.parse(Self.questions(1).line(document))["text"]?.bytes)
      #expect(text.count <= 1024 && text.count > 1020)
      #expect(document.text.starts(with: text) && (text.count - lead) % 3 == 0)
    }
    let whole = Self.document(String(repeating: "x", count: 1024))
    #expect(try JSONParser.parse(Self.questions(1).line(whole))["text"]?.bytes == whole.text)
  }

  @Test func anAnswerIsTheScoreWithThePriorOfItsFolder() throws {
    var document = Self.document(Self.prose)
    document.qualityPrior = 0.25
    try Self.questions().take(Array(#"{"score": 0.5, "model": "m1"}"#.utf8), for: &document)
    #expect(document.score == 0.75 && document.signals[.qualityScore] == 0.75 && document.scoredBy == "m1")
    document.qualityPrior = -1
    try Self.questions().take(Array(#"{"score": 1}"#.utf8), for: &document)
    #expect(document.score == 0 && document.scoredBy == "score.command")
  }

  @Test(arguments: [
    ("", "no JSON"), ("nonsense", "no JSON"), ("{}", "0...1"), (#"{"score": 1.01}"#, "0...1"),
    (#"{"score": -0.1}"#, "0...1"), (#"{"score": "0.5"}"#, "0...1"), (#"{"score": null}"#, "0...1"), ("[0.5]", "0...1"),
    (#"{"score": 0.5, "id": "00"}"#, "in order"),
  ])
  func whatIsNoAnswerChangesNothing(_ answer: String, _ complaint: String) {
    var document = Self.document(Self.prose)
    do throws(ScoreQuestions.Refusal) {
      try Self.questions().take(Array(answer.utf8), for: &document)
      Issue.record("taken: \(answer)")
    } catch {
      #expect(error.description.contains(complaint), "\(error)")
    }
    #expect(document.score == 0.25 && document.scoredBy.isEmpty)
  }
}
