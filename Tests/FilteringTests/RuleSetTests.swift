import Bytes
import Documents
import Filtering
import Settings
import Testing

@Suite struct RuleSetTests {
  @Test func builtInRulesHitTheirCanaries() throws {
    let rules = try RuleSet.builtIn()
    #expect(rules.rules.count > 40)
    #expect(rules.checkCanaries() == [])
  }

  @Test func aRuleThatNeverFiresIsNamed() throws {
    let text = """
      { rules: [
        { name: "good", signal: "digitShare", above: 0.5, canary: "12345" },
        { name: "dead", signal: "digitShare", above: 1.5, canary: "12345" },
      ] }
      """
    #expect(try RuleSet(Array(text.utf8), file: "x").checkCanaries() == ["dead"])
  }

  @Test(arguments: [
    ("{ rules: [{ name: \"a\", signal: \"digitShar\", above: 1, canary: \"1\" }] }", "did you mean 'digitShare'?"),
    ("{ rules: [{ name: \"a\", signal: \"digitShare\", abov: 1, canary: \"1\" }] }", "did you mean 'above'?"),
    ("{ rules: [{ name: \"a\", signal: \"digitShare\", above: 1, below: 2, canary: \"1\" }] }", "exactly one"),
    ("{ rules: [{ name: \"a\", signal: \"digitShare\", above: 1 }] }", "needs a canary"),
    (
      "{ rules: [{ name: \"a\", signal: \"digitShare\", above: 1, channels: [\"zhh\"], canary: \"1\" }] }",
      "did you mean 'zh'?"
    ),
    (
      "{ rules: [{ name: \"a\", signal: \"digitShare\", above: 1, genres: [\"lav\"], canary: \"1\" }] }",
      "did you mean 'law'?"
    ),
    ("{ rules: [{ name: \"a b\", signal: \"digitShare\", above: 1, canary: \"1\" }] }", "needs a name"),
    ("{ rules: [{ name: \"a\", signal: \"digitShare\", above: 1, action: \"keep\", canary: \"1\" }] }", "\"drop\""),
    ("{ rule: [] }", "did you mean 'rules'?"),
  ])
  func mistakesAreNamed(_ text: String, _ message: String) {
    let error = #expect(throws: SettingError.self) { try RuleSet(Array(text.utf8), file: "rules.json5") }
    #expect(
      error.map { "\($0)".contains(message) && "\($0)".contains("rules.json5") } == true, "\(String(describing: error))"
    )
  }

  @Test func rulesCanBeSwitchedOff() throws {
    let rules = try RuleSet.builtIn()
    #expect(try rules.without(["zh_short"]).rules.count == rules.rules.count - 1)
    #expect(throws: SettingError.self) { try rules.without(["zh_shrt"]) }
  }

  @Test func settingsAreChecked() throws {
    var tree = SettingTree()
    try tree.set("clean.off=[\"zh_short\"]")
    #expect(try tree.decode(CleanSettings.self).off == ["zh_short"])
  }
}
