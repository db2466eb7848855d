import Bytes
import Documents
import Filtering
import Testing

/// Rules that take lines out of a text, and those that only flag it.
@Suite struct LineRuleTests {
  private func judged(_ text: String, _ rules: String, _ segments: [Segment] = []) throws -> Document {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.channel = .english
    document.segments = segments
    SignalMeter().process(&document)
    Filter(rules: try RuleSet(Array(rules.utf8), file: "test")).process(&document)
    return document
  }

  private let short = """
    { rules: [{ name: "few_words", line: "lineWords", below: 3, canary: "two words" }] }
    """

  @Test func linesGoAndTheRestStays() throws {
    let document = try judged("Read more\n\nA line of five words\nHome\nAnother line that may stay", short)
    #expect(String(decoding: document.text, as: UTF8.self) == "\nA line of five words\nAnother line that may stay")
    #expect(document.verdict == .kept)
    let drop = try #require(document.droppedLines.first)
    #expect(drop.first == RuleHit(rule: "few_words", value: 2, threshold: 3, signal: "lineWords"))
    #expect(drop.count == 2 && drop.offset == 0)
    #expect(String(decoding: drop.excerpt, as: UTF8.self) == "Read more\n")
  }

  @Test func carvedLinesAreNotJudgedAndKeepTheirPlace() throws {
    let text = "Read more\nA line of five words\nx = 1\nHome\n"
    let document = try judged(text, short, [Segment(.code, 31..<37)])
    #expect(String(decoding: document.text, as: UTF8.self) == "A line of five words\nx = 1\n")
    #expect(document.segments == [Segment(.code, 21..<27)])
  }

  @Test func aFlagDropsNothing() throws {
    let rules = """
      { rules: [
        { name: "links", signal: "links", above: 0, action: "flag", canary: "http://a.b" },
        { name: "short", signal: "characters", below: 5, canary: "a" },
      ] }
      """
    let document = try judged("See https://example.com for more.", rules)
    #expect(document.verdict == .kept)
    #expect(document.ruleFlags == ["links"])
  }

  static let lines: [(String, LineSignal, Float)] = [
    ("one two three", .lineWords, 3), ("one threee", .lineLongestWord, 6), ("天地 ab", .lineCharacters, 5),
    ("It ends.", .lineEndsLikeC4, 1), ("It goes on...", .lineEndsLikeC4, 0), ("结束。", .lineEndsSentence, 1),
    ("a1b2", .lineDigitShare, 0.5), ("ABcd", .lineUpperShare, 0.5),
  ]

  /// A rule at the value itself tells the two sides of it.
  @Test(arguments: lines) func aLineIsMeasured(_ text: String, _ signal: LineSignal, _ value: Float) throws {
    for (bound, isDropped) in [(value + 0.01, true), (value - 0.01, false)] {
      let rules = "{ rules: [{ name: \"r\", line: \"\(signal.rawValue)\", below: \(bound), canary: \"x\" }] }"
      #expect(try judged(text, rules).text.isEmpty == isDropped, "\(signal) of \(text) below \(bound)")
    }
  }
}
