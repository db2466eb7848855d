import Bytes
import Documents
import Filtering
import Testing

@testable import DataAgent

/// What is noticed about rules by their counts alone.
@Suite struct RuleWatchTests {
  private func settings(_ change: (inout CleanSettings) -> Void = { _ in }) -> CleanSettings {
    var settings = CleanSettings()
    settings.biasDocuments = 100
    settings.silentAfter = 1000
    change(&settings)
    return settings
  }

  /// Documents by channel and script, so many of which the rule removes.
  private func watch(_ rows: [(Channel, RuleWatch.Script, all: Int, removed: Int)], rule: String = "r") -> RuleWatch {
    var watch = RuleWatch()
    for row in rows {
      let group = RuleWatch.Group(
        row.0, hanShare: row.1 == .han ? 1 : 0, otherScriptShare: row.1 == .other ? 1 : 0)
      for index in 0..<row.all { watch.note(group, rule: index < row.removed ? rule : nil) }
    }
    return watch
  }

  static let cases: [(String, [(Channel, RuleWatch.Script, all: Int, removed: Int)], Int)] = [
    ("even losses", [(.english, .latin, 500, 50), (.chinese, .han, 500, 50)], 0),
    ("one script loses", [(.english, .latin, 900, 9), (.chinese, .han, 200, 60)], 1),
    ("a script within a channel", [(.code, .latin, 900, 9), (.code, .han, 150, 60)], 1),
    ("half of the corpus loses", [(.english, .latin, 500, 5), (.chinese, .han, 500, 250)], 1),
    ("two kinds lose alike", [(.english, .latin, 500, 150), (.chinese, .han, 500, 250)], 0),
    ("too few to say", [(.english, .latin, 900, 9), (.chinese, .han, 50, 40)], 0),
    ("small share", [(.english, .latin, 900, 0), (.chinese, .han, 200, 20)], 0),
    ("the whole corpus is of one kind", [(.english, .latin, 1000, 400)], 1),
  ]

  @Test(arguments: cases)
  func biasIsSeen(
    _ name: String, _ rows: [(Channel, RuleWatch.Script, all: Int, removed: Int)], _ alerts: Int
  ) {
    #expect(BiasGuard(settings: settings()).alerts(watch(rows)).count == alerts, "\(name)")
  }

  private func rules(_ text: String) throws -> RuleSet { try RuleSet(Array(text.utf8), file: "test") }

  @Test func aSilentRuleAndAGreedyOneAreNamed() throws {
    let rules = try rules(
      """
      { rules: [
        { name: "silent", signal: "digitShare", above: 0.9, canary: "1" },
        { name: "greedy", signal: "digitShare", above: 0.8, channels: ["en"], canary: "1" },
        { name: "idle", signal: "datedShare", above: 0.1, canary: "list" },
      ] }
      """)
    let alarms = RuleAlarms(settings: settings(), rules: rules, idle: ["idle"])
    let watch = watch([(.english, .latin, 600, 300), (.chinese, .han, 600, 0)], rule: "greedy")
    let messages = alarms.messages(watch)
    #expect(messages.count == 2)
    #expect(messages[0].contains("rule silent removed none of 1200"))
    #expect(messages[1].contains("rule greedy removed 300 of 600"))
  }

  @Test func countsComeBackFromTheSnapshot() {
    let watch = watch([(.english, .latin, 5, 2), (.chinese, .han, 3, 1)])
    let again = RuleWatch(watch.json)
    #expect(again.documents == watch.documents && again.removed == watch.removed)
  }
}
