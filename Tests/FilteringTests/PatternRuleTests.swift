import Bytes
import Documents
import Filtering
import Settings
import Testing

/// Rules over regular expressions, each behind a literal.
@Suite struct PatternRuleTests {
  private func judged(_ text: String, _ rule: String, _ segments: [Segment] = []) throws -> Document {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.channel = .english
    document.segments = segments
    SignalMeter().process(&document)
    Filter(rules: try RuleSet(Array("{ rules: [\(rule)] }".utf8), file: "rules.json5")).process(&document)
    return document
  }

  /// Pattern, literal, text, lines in which it matches.
  static let counted: [(String, String, String, Float)] = [
    ("do not edit", "edit", "one\ndo not edit\ntwo\n  do not edit\n", 2),
    ("^do not edit", "EDIT", "one\ndo not edit\n  do not edit\n", 1),
    ("价格.{1,9}元", "价格", "价格九元。\n价格在此。\n", 1),
    ("(ab)+c$", "abc", "ababc\nabcd\nabc\nabc abc", 3),
    ("x.y", "x", "x\ny\n", 0),
    ("[0-9]{3}-[0-9]{4}", "-", "call 555-0199\nor 55-0199\n555-019\n", 1),
    ("q", "qq", "q\nqq\n", 1),
  ]

  @Test(arguments: counted)
  func matchingLinesAreCounted(_ pattern: String, _ literal: String, _ text: String, _ lines: Float) throws {
    for (bound, isDropped) in [(lines - 1, true), (lines, false)] where bound >= 0 {
      let rule = "{ name: \"r\", pattern: \"\(pattern)\", literal: \"\(literal)\", above: \(bound), canary: \"x\" }"
      let document = try judged(text, rule)
      #expect((document.verdict != .kept) == isDropped, "\(pattern) above \(bound)")
      if isDropped {
        #expect(document.verdict == .filtered(RuleHit(rule: "r", value: lines, threshold: bound, signal: "pattern")))
      }
    }
  }

  @Test func caseIsTheExpressionsAffair() throws {
    let rule = "name: \"r\", pattern: \"generated\", literal: \"GENERATED\", canary: \"generated\""
    #expect(try judged("It was GENERATED.", "{ \(rule) }").verdict == .kept)
    #expect(try judged("It was GENERATED.", "{ \(rule), ignore_case: true }").verdict != .kept)
  }

  @Test func carvedLinesDoNotCount() throws {
    let rule = "{ name: \"r\", pattern: \"edit\", literal: \"edit\", canary: \"edit\" }"
    #expect(try judged("one\nedit\ntwo\n", rule, [Segment(.code, 4..<9)]).verdict == .kept)
    #expect(try judged("one\nedit\ntwo\n", rule).verdict != .kept)
  }

  /// Text, carved segments, where the rule's hit is shown.
  static let places: [(String, [Segment], Range<Int>?)] = [
    ("one\nplease do not  edit\ndo not edit", [], 11..<23),
    ("do not edit\ndo not edit\n", [Segment(.code, 0..<12)], 12..<23),
    ("edit\nnothing here\n", [], nil),
  ]

  @Test(arguments: places)
  func theFirstMatchIsThePlaceOfTheHit(_ text: String, _ segments: [Segment], _ place: Range<Int>?) throws {
    let rules = try RuleSet(
      Array("{ rules: [{ name: \"r\", pattern: \"do not +edit\", literal: \"edit\", canary: \"do not edit\" }] }".utf8),
      file: "rules.json5")
    let hit = RuleHit(rule: "r", value: 1, threshold: 0, signal: "pattern")
    #expect(RulePlace.find(hit, in: Array(text.utf8), segments, rules: rules, phrases: .builtIn) == place)
    #expect(RulePlace.find(hit, in: Array(text.utf8), segments, rules: nil, phrases: .builtIn) == nil)
  }

  @Test func flagsDropNothing() throws {
    let rule = "{ name: \"r\", pattern: \"edit\", literal: \"edit\", action: \"flag\", canary: \"edit\" }"
    let document = try judged("edit", rule)
    #expect(document.verdict == .kept && document.ruleFlags == ["r"])
  }

  @Test func linesGo() throws {
    let rule = "{ name: \"r\", pattern: \"^Tags?:\", literal: \"tag\", action: \"drop_line\", canary: \"Tag: a\" }"
    let document = try judged("One line.\nTags: a, b\n", rule)
    #expect(String(decoding: document.text, as: UTF8.self) == "One line.\n")
    #expect(document.droppedLines.map(\.first.rule) == ["r"])
  }

  /// What is cut goes, rules behind it see the rest, and carved segments keep their place.
  @Test func matchesAreCut() throws {
    let rules = """
      { name: "marks", action: "cut", pattern: "\\\\[[0-9]*\\\\]", literal: "[", canary: "a[1]" },
      { name: "ends", line: "lineEndsLikeC4", below: 1, canary: "no end" }
      """
    let document = try judged("  It[1] is[] so.[23]\nNo end [4]\nx[0]=1\n", rules, [Segment(.code, 32..<39)])
    #expect(String(decoding: document.text, as: UTF8.self) == "  It is so.\nx[0]=1\n")
    #expect(document.segments == [Segment(.code, 12..<19)])
    #expect(document.droppedLines.map(\.count) == [2, 1])
  }

  /// As datatrove's C4 filter leaves it: words counted with the marks, ends of lines judged without them, but with the
  /// blank that may stand before them.
  @Test func referenceMarksOfC4Go() throws {
    let sentences = (1...5).map { "This is sentence number \($0).[\($0)][citation needed]\n" }
    let text = sentences.joined() + "This one has a blank before its mark. [6]\n"
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.channel = .english
    SignalMeter().process(&document)
    Filter(rules: try RuleSet.builtIn(["c4"])).process(&document)
    let left = (1...5).map { "This is sentence number \($0).\n" }.joined()
    #expect(document.verdict == .kept)
    #expect(String(decoding: document.text, as: UTF8.self) == left)
  }

  static let refused: [(String, String)] = [
    ("pattern: \"a+\"", "needs a 'literal'"), ("pattern: \"a+\", literal: \"\"", "needs a 'literal'"),
    ("pattern: \"(a\", literal: \"a\"", "no extended regular expression"),
    ("pattern: \"(a)\\\\1\", literal: \"a\"", "back-reference"),
    ("pattern: \"a{1,300}\", literal: \"a\"", "more than 255"),
    ("pattern: \"a\", literal: \"a\", signal: \"words\"", "one of 'signal', 'line' and 'pattern'"),
    ("signal: \"words\", literal: \"a\", above: 1", "goes with a 'pattern'"),
    ("signal: \"words\", action: \"cut\", above: 1", "goes with a 'pattern'"),
    ("pattern: \"a\", literal: \"a\", ignore_case: 1", "true or false"),
  ]

  @Test(arguments: refused) func mistakesAreNamedWithTheirPlace(_ keys: String, _ message: String) {
    let error = #expect(throws: SettingError.self) {
      try RuleSet(Array("{ rules: [\n  { name: \"r\", \(keys), canary: \"x\" }] }".utf8), file: "rules.json5")
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(message) && text.contains("rules.json5:2"), "\(text)")
  }

  @Test func aLongLineIsReadToItsBound() throws {
    let rule = "{ name: \"r\", pattern: \"end$|(a|b)*c\", literal: \"a\", canary: \"ac\" }"
    let line = String(repeating: "a", count: 3_000_000)
    #expect(try judged(line + "c", rule).verdict == .kept)
    #expect(try judged("ac" + line, rule).verdict != .kept)
  }
}
