import Bytes
import Documents
import Filtering
import Settings
import Testing

@Suite struct RuleSetTests {
  @Test(arguments: BuiltInRules.names) func builtInRulesHitTheirCanaries(_ set: String) throws {
    let rules = try RuleSet.builtIn([set])
    #expect(rules.rules.count >= 5)
    #expect(rules.checkCanaries() == [])
  }

  @Test func aRuleOverAnEmptyListIsIdle() throws {
    let rules = try RuleSet.builtIn(["plain"])
    #expect(rules.idle(SignalMeter()) == ["dated", "political"])
    let meter = SignalMeter(phrases: PhraseLists(texts: ["dated": Array("sign up before".utf8)]))
    #expect(rules.idle(meter) == ["political"])
    #expect(rules.checkCanaries(meter) == [])
  }

  @Test func setsAreJoinedAndNamedOnce() throws {
    let both = try RuleSet.builtIn(["gopher", "c4"]).rules.map(\.name)
    let apart = try ["gopher", "c4"].flatMap { try RuleSet.builtIn([$0]).rules.map(\.name) }
    #expect(both == apart)
    #expect(throws: SettingError.self) { try RuleSet.builtIn(["gopher", "gopher"]) }
    let error = #expect(throws: SettingError.self) { try RuleSet.builtIn(["gofer"]) }
    #expect(error.map { "\($0)".contains("did you mean 'gopher'?") } == true)
  }

  @Test func aRuleThatNeverFiresIsNamed() throws {
    let text = """
      { rules: [
        { name: "good", signal: "digitShare", above: 0.5, canary: "12345" },
        { name: "dead", signal: "digitShare", above: 1.5, canary: "12345" },
      ] }
      """
    #expect(try RuleSet(Array(text.utf8), file: "x").checkCanaries() == ["dead (it hits good)"])
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
    (
      "{ rules: [{ name: \"a\", signal: \"digitShare\", above: 1, action: \"drop_line\", canary: \"1\" }] }",
      "goes with a 'line'"
    ),
    ("{ rules: [{ name: \"a\", line: \"lineWord\", above: 1, canary: \"1\" }] }", "did you mean 'lineWords'?"),
    (
      "{ rules: [{ name: \"a\", line: \"lineWords\", signal: \"words\", above: 1, canary: \"1\" }] }",
      "not both"
    ),
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
