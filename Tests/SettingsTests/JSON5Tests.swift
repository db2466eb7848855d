import Settings
import Testing

/// A value as plain text, so that tables can say what is expected.
func plain(_ value: SettingValue) -> String {
  switch value.content {
  case .null: "null"
  case .bool(let flag): "\(flag)"
  case .number(let number): "\(number)"
  case .text(let text): "'\(text)'"
  case .list(let items): "[" + items.map(plain).joined(separator: " ") + "]"
  case .table(let members): "{" + members.map { "\($0.key)=\(plain($0.value))" }.joined(separator: " ") + "}"
  }
}

func parse(_ text: String) throws -> SettingValue { try JSON5Parser.parse(Array(text.utf8)) }

@Suite struct JSON5Tests {
  @Test(arguments: [
    ("{}", "{}"), ("{a: 1, 'b': 2, \"c\": 3,}", "{a=1.0 b=2.0 c=3.0}"), ("// c\n/* d */ [1,2,] // e", "[1.0 2.0]"),
    ("0x1F", "31.0"), ("-0x10", "-16.0"), ("+5", "5.0"), (".5", "0.5"), ("5.", "5.0"), ("1e3", "1000.0"),
    ("1_000_000", "1000000.0"), ("'it\\'s'", "'it's'"), ("\"a\\\nb\"", "'ab'"), ("'\\x41\\u4e2d'", "'A中'"),
    ("'\\ud83d\\ude00'", "'😀'"), ("{中文: true, $x_1: null}", "{中文=true $x_1=null}"), ("\u{FEFF}[false]", "[false]"),
    ("\"\\n\\t\\\\\"", "'\n\t\\'"),
  ])
  func value(_ text: String, _ expected: String) throws { #expect(plain(try parse(text)) == expected) }

  @Test(arguments: [
    ("", 1, 1, "a value is expected"), ("{a: }", 1, 5, "a value is expected"), ("{\n  a: 1\n  b: 2\n}", 3, 3, "','"),
    ("{a 1}", 1, 4, "':'"), ("{a: 1, a: 2}", 1, 8, "a"), ("{a: 1} x", 1, 8, "follows"), ("[1 2]", 1, 4, "','"),
    ("{a: 'x\n'}", 1, 5, "not closed"), ("/* a\nb", 1, 1, "not closed"), ("{\n\n  a: 12z4}", 3, 6, "not a number"),
    ("{a: yes}", 1, 5, "quotes"), ("'\\u12'", 1, 4, "4 hexadecimal digits"), ("0x", 1, 1, "not a number"),
    ("{a: Infinity}", 1, 5, "a value is expected"), ("{a: '\\ud83d'}", 1, 8, "hexadecimal"),
    ("\u{FEFF}x", 1, 1, "a value"),
    ("'\\u+041'", 1, 4, "hexadecimal"), ("0x-5", 1, 1, "not a number"), ("+-5", 1, 1, "not a number"),
  ])
  func refusalNamesLineAndColumn(_ text: String, _ line: Int, _ column: Int, _ part: String) {
    let error = #expect(throws: SettingError.self) { try parse(text) }
    #expect(error?.line == line, "\(text.debugDescription): \(error?.description ?? "")")
    #expect(error?.column == column, "\(text.debugDescription): \(error?.description ?? "")")
    #expect(error?.reason.contains(part) == true, "\(error?.reason ?? "")")
  }

  @Test func otherEncodingsAreRefused() {
    let error = #expect(throws: SettingError.self) { try JSON5Parser.parse([0x7B, 0xFF, 0x7D]) }
    #expect(error?.reason.contains("UTF-8") == true)
  }

  @Test func depthIsBounded() {
    #expect(throws: SettingError.self) { try parse(String(repeating: "[", count: 100_000)) }
    #expect(throws: Never.self) { try parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)) }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func randomTextNeverCrashes(_ seed: UInt64) {
    print("seed \(seed)")
    var state = seed
    func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
    let alphabet = Array("{}[]:,'\"\\/* \n0x1e+-._abutfn".utf8)
    for _ in 0..<5000 { _ = try? JSON5Parser.parse((0..<(next() % 24)).map { _ in alphabet[next() % alphabet.count] }) }
  }

  @Test func placesAreThoseOfTheText() throws {
    let value = try parse("{\n  first: 1,\n  second: {\n    third: 'x',\n  },\n}")
    #expect(value["first"]?.line == 2)
    #expect(value["first"]?.column == 10)
    #expect(value["second"]?["third"]?.line == 4)
    #expect(value["second"]?["third"]?.column == 12)
  }
}
