import Bytes
import Testing

@Suite struct JSONFieldsTests {
  private func field(_ line: String, _ key: String) throws -> String? {
    try Array(line.utf8).withUnsafeBufferPointer { line in
      try JSONFields(line).value(Array(key.utf8), in: line).map { String(decoding: line[$0], as: UTF8.self) }
    }
  }

  @Test(arguments: [
    (#"{"text":"a","n":1}"#, "text", #""a""#), (#" { "n" : [1, {"text":2}] , "text" : "b" } "#, "text", #""b""#),
    (#"{"a":{"text":"inner"},"text":"outer"}"#, "text", #""outer""#), (#"{"text":null}"#, "text", "null"),
    (#"{"t":"\\\"text\\\":1","text":"x"}"#, "text", #""x""#),
    (#"{"text":"first","text":"second"}"#, "text", #""first""#),
    (#"{"n":[1, 2 ]}"#, "n", "[1, 2 ]"), (#"{"":0}"#, "", "0"),
  ])
  func valuesAsWritten(_ line: String, _ key: String, _ expected: String) throws {
    #expect(try field(line, key) == expected)
  }

  @Test func whatIsNotThereIsNil() throws { #expect(try field(#"{"a":1}"#, "text") == nil) }

  @Test(arguments: [
    "", "[]", "1", #"{"a":1} x"#, #"{"a":1}{"b":2}"#, #"{"a" 1}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":"x"#, #"{"a":"x\"#,
  ])
  func onlyOneWholeObject(_ line: String) { #expect(throws: JSONError.self) { try field(line, "a") } }

  @Test(arguments: [
    (#"{"text":"a\u00e9\n"}"#, "aé\n"), (#"{"text":""}"#, ""), (#"{"text":12}"#, nil), (#"{"text":null}"#, nil),
    (#"{"text":["x"]}"#, nil),
  ])
  func textIsTheResolvedString(_ line: String, _ expected: String?) throws {
    let text = try Array(line.utf8).withUnsafeBufferPointer { line -> [UInt8]? in
      guard let value = try JSONFields(line).value(Array("text".utf8), in: line) else { return nil }
      return try JSONFields.text(value, in: line)
    }
    #expect(text == expected.map { Array($0.utf8) })
  }
}

@Suite struct JSONWriterTests {
  @Test func escapesOnlyWhatMustBe() {
    let text = Array("\u{0}\u{1F}\"\\/\n中\u{2028}\u{7F}".utf8)
    #expect(JSONWriter.compact(.text(text)) == Array(#""\u0000\u001f\"\\/\n中\#u{2028}\#u{7F}""#.utf8))
  }

  @Test func streamed() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.value(.integer(1))
    writer.text(Array("x".utf8))
    writer.raw(Array("{\"k\":2}".utf8))
    writer.endArray()
    writer.key("b")
    writer.value(.null)
    writer.endObject()
    writer.newline()
    writer.value(.bool(true))
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "{\"a\":[1,\"x\",{\"k\":2}],\"b\":null}\ntrue")
  }

  @Test func numbersThatJSONCannotHoldAreNull() {
    #expect(JSONWriter.compact(.array([.number(.nan), .number(.infinity)])) == Array("[null,null]".utf8))
  }

  @Test func prettyKeepsPlainListsOnOneLine() {
    let value = JSONValue.object([
      "list": .array([.integer(1), .integer(2)]), "empty": .object([JSONMember]()),
      "deep": .array([.object(["a": .integer(1)])]),
    ])
    let expected = "{\n  \"list\": [1,2],\n  \"empty\": {},\n  \"deep\": [\n    {\n      \"a\": 1\n    }\n  ]\n}\n"
    #expect(String(decoding: JSONWriter.pretty(value), as: UTF8.self) == expected)
  }

  @Test func accessors() {
    let value = JSONValue.object([
      "n": .integer(2), "x": .number(3), "h": .number(0.5), "t": .string("é"), "f": .bool(false),
    ])
    #expect(value["n"]?.number == 2)
    #expect(value["x"]?.integer == 3)
    #expect(value["h"]?.integer == nil)
    #expect(value["t"]?.string == "é")
    #expect(value["f"]?.bool == false)
    #expect(value["none"] == nil)
    #expect(JSONValue.integer(1)["n"] == nil)
  }
}
