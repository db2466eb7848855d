import Testing

@testable import Settings

/// A section with one key of each kind and a rule between keys.
private struct Oven: SettingsSection {
  static let name = "oven"
  static let summary = "How bread is made."
  var degrees = 220
  var hours = 1.5
  var steam = true
  var bread = "rye"
  var guests: [String] = []
  static let keys: [SettingKey<Oven>] = [
    .integer("degrees_c", \.degrees, 50...300, "heat"), .number("time_h", \.hours, 0.1...10, "time"),
    .flag("steam", \.steam, "with water"), .text("bread", \.bread, oneOf: ["rye", "wheat"], "which | what"),
    .texts("guests", \.guests, "who comes"),
  ]
  func validate() throws(SettingError) {
    if steam && degrees > 280 { throw SettingError("oven.degrees_c: no steam above 280") }
  }
}

private func tree(_ text: String, file: String = "test.json5") throws -> SettingTree {
  try SettingTree(Array(text.utf8), file: file)
}

@Suite struct SectionTests {
  @Test func absentKeysKeepTheirDefaults() throws {
    let oven = try tree("{oven: {time_h: 2, guests: ['a', 'b']}}").decode(Oven.self)
    #expect(oven.hours == 2)
    #expect(oven.guests == ["a", "b"])
    #expect(oven.degrees == 220)
    #expect(try SettingTree().decode(Oven.self).bread == "rye")
  }

  @Test(arguments: [
    ("{oven: {degres_c: 1}}", "test.json5:1:19: unknown key 'oven.degres_c'; did you mean 'oven.degrees_c'?"),
    (
      "{oven: {\n zzzzzzzzzzzzzzzzzz: 1}}",
      "test.json5:2:22: unknown key 'oven.zzzzzzzzzzzzzzzzzz'; known: oven.degrees_c"
    ),
    ("{oven: {degrees_c: 20}}", "oven.degrees_c must be a whole number in 50...300, not 20.0"),
    ("{oven: {degrees_c: 100.5}}", "oven.degrees_c must be a whole number"),
    ("{oven: {time_h: 'x'}}", "must be a number in 0.1...10.0, not \"x\""),
    ("{oven: {steam: 1}}", "oven.steam must be true or false"),
    ("{oven: {bread: 'weat'}}", "one of rye, wheat; did you mean 'wheat'?"),
    ("{oven: {guests: 'a'}}", "a list of texts"), ("{oven: {guests: [1]}}", "a list of texts"),
    ("{oven: 3}", "oven must be a table"),
    ("{oven: {degrees_c: 290}}", "no steam above 280"),
  ])
  func refusalSaysWhatWouldBeRight(_ text: String, _ part: String) throws {
    let error = #expect(throws: SettingError.self) { _ = try tree(text).decode(Oven.self) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("test.json5") == true)
  }

  @Test func unknownSectionsNameTheNearest() throws {
    let error = #expect(throws: SettingError.self) { try tree("{\n  ovne: {}}").checkNames(["oven", "cellar"]) }
    #expect(error?.description == "test.json5:2:9: unknown section 'ovne'; did you mean 'oven'?")
    #expect(throws: Never.self) { try tree("{oven: {}}").checkNames(["oven"]) }
  }

  @Test func theFileMustBeATable() {
    #expect(throws: SettingError.self) { try tree("[1]") }
    let error = #expect(throws: SettingError.self) { try tree("{oven: {", file: "etc/x.json5") }
    #expect(error?.description.hasPrefix("etc/x.json5:1:") == true)
  }

  @Test(arguments: [
    ("oven.degrees_c=100", 100, 1.5, "wheat"), ("oven.time_h=2.5", 250, 2.5, "wheat"),
    ("oven.bread=rye", 250, 1.5, "rye"),
    ("oven.bread='rye'", 250, 1.5, "rye"), ("oven.degrees_c=0x64", 100, 1.5, "wheat"),
  ])
  func theCommandLineLiesOverTheFile(_ assignment: String, _ degrees: Int, _ hours: Double, _ bread: String) throws {
    var tree = try tree("{oven: {degrees_c: 250, bread: 'wheat'}}")
    try tree.set(assignment)
    let oven = try tree.decode(Oven.self)
    #expect(oven.degrees == degrees)
    #expect(oven.hours == hours)
    #expect(oven.bread == bread)
  }

  @Test func theLastAssignmentHolds() throws {
    var tree = SettingTree()
    for value in ["oven.guests=['a']", "oven.degrees_c=60", "oven.degrees_c=70"] { try tree.set(value) }
    #expect(try tree.decode(Oven.self).degrees == 70)
    #expect(try tree.decode(Oven.self).guests == ["a"])
  }

  @Test(arguments: ["", "oven", "oven=1", "=1", "oven.", "degrees_c=1.5"])
  func assignmentsHaveAForm(_ text: String) {
    var tree = SettingTree()
    let error = #expect(throws: SettingError.self) { try tree.set(text) }
    #expect(error?.reason.contains("section.key=value") == true)
  }

  @Test func wrongAssignmentsAreNamed() throws {
    var tree = SettingTree()
    try tree.set("oven.degres_c=1")
    let error = #expect(throws: SettingError.self) { _ = try tree.decode(Oven.self) }
    #expect(error?.description == "unknown key 'oven.degres_c'; did you mean 'oven.degrees_c'?")
  }

  @Test func theTableOfKeysIsMarkdown() {
    let text = Oven.markdown()
    #expect(text.contains("| `oven.degrees_c` | `220` | 50...300 | heat |"))
    #expect(text.contains("| `oven.guests` | `[]` | a list of texts | who comes |"))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("| `") }.count == Oven.keys.count)
  }
}

@Suite struct NearestTests {
  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("save", "save", 0), ("ab", "ba", 1),
    ("rolback", "rollback", 1),
    ("abcd", "acbd", 1), ("lr", "rl", 1), ("flaw", "lawn", 2),
  ])
  func distance(_ a: String, _ b: String, _ expected: Int) {
    #expect(Nearest.distance(Array(a.utf8), Array(b.utf8)) == expected)
    #expect(Nearest.distance(Array(b.utf8), Array(a.utf8)) == expected)
  }

  @Test(arguments: [
    ("rolback", "rollback"), ("SAVE", nil), ("pauze", "pause"), ("completely-different", nil), ("", nil),
  ])
  func name(_ wrong: String, _ expected: String?) {
    #expect(Nearest.name(to: wrong, among: ["rollback", "pause", "export"]) == expected)
  }

  @Test func nothingKnownNothingNear() { #expect(Nearest.name(to: "x", among: []) == nil) }
}
