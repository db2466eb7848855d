import Bytes
import Decoding
import Settings
import Testing

@Suite struct FieldTests {
  private func read(_ line: String, _ options: String, _ change: (inout ReadSettings) -> Void = { _ in }) throws
    -> Outcome
  {
    var settings = ReadSettings()
    change(&settings)
    return readAll(
      MemorySource(Array(line.utf8)), FileFormat(.jsonLines), settings: settings,
      options: try SourceOptions.parse(Array(options.utf8), file: ".source.json5"))
  }

  @Test(
    "the folder says where the text is",
    arguments: [
      (#"{"content":"x"}"#, #"{text_field:"content"}"#, "x"), (#"{"a":{"b":"x"}}"#, #"{text_field:"a.b"}"#, "x"),
      (#"{"a.b":"x"}"#, #"{text_field:"a.b"}"#, "x"), (#"{"lines":["x","y"]}"#, #"{text_field:"lines"}"#, "x\ny"),
      (#"{"title":"T","body":"B"}"#, #"{text_fields:["title","body"]}"#, "T\n\nB"),
      (#"{"title":null,"body":"B"}"#, #"{text_fields:["title","body"]}"#, "B"),
      (#"{"body":"B"}"#, #"{text_fields:["title","body"]}"#, "B"),
    ])
  func text(line: String, options: String, text: String) throws {
    #expect(try read(line, options).texts == [text])
  }

  @Test(
    "a record without its text is told, with the names that were looked for",
    arguments: [
      (#"{"text":"x"}"#, #"{text_field:"content"}"#, "no 'content'"),
      (#"{"a":{"b":1}}"#, #"{text_field:"a.b"}"#, "'a.b' is not a text"),
      (#"{"x":1}"#, #"{text_fields:["title","body"]}"#, "no 'title', 'body'"),
      (#"{"lines":["x",1]}"#, #"{text_field:"lines"}"#, "is not a text"),
    ])
  func missing(line: String, options: String, reason: String) throws {
    #expect(try read(line, options).badLines.first?.reason.contains(reason) == true)
  }

  @Test(
    "a text inside another member is not kept a second time in the metadata",
    arguments: [
      (#"{"a":{"b":"x"}}"#, #"{text_field:"a.b"}"#, ""),
      (#"{"a":{"b":"x","c":1}}"#, #"{text_field:"a.b"}"#, #"{"a":{"c":1}}"#),
      (#"{"a":{"b":{"c":"x","d":[1]},"e":2},"f":3}"#, #"{text_field:"a.b.c"}"#, #"{"a":{"b":{"d":[1]},"e":2},"f":3}"#),
      (#"{"a":{"b":{"c":"x"},"e":2}}"#, #"{text_field:"a.b.c"}"#, #"{"a":{"e":2}}"#),
      (#"{"a.b":"x","a":{"b":"y"}}"#, #"{text_field:"a.b"}"#, ""),
      (#"{"a":{"t":"x","u":"y","v":"z"}}"#, #"{text_fields:["a.t","a.u"]}"#, #"{"a":{"v":"z"}}"#),
      (#"{"a":{"t":"x"},"b":"y","c":0}"#, #"{text_fields:["a.t","b"]}"#, #"{"c":0}"#),
      (#"{"a":"y","text":"x"}"#, #"{text_fields:["a.t","text"]}"#, #"{"a":"y"}"#),
    ])
  func once(line: String, options: String, metadata: String) throws {
    let document = try #require(try read(line, options).documents.first)
    #expect(String(decoding: document.metadata, as: UTF8.self) == metadata)
  }

  @Test("id, address and date come from the members that the folder names")
  func names() throws {
    let line = #"{"text":"x","docid":7,"link":"http://a/","meta":{"when":"2020"},"url":"other","k":[1]}"#
    let outcome = try read(line, #"{id_field:"docid",url_field:"link",date_field:"meta.when"}"#)
    let document = try #require(outcome.documents.first)
    #expect(document.userID == Array("7".utf8))
    let metadata = try JSONParser.parse(document.metadata)
    #expect(metadata["url"]?.string == "http://a/" && metadata["date"]?.string == "2020")
    #expect(metadata["link"] == nil && metadata["docid"] == nil && metadata["k"]?.array?.count == 1)
  }

  @Test(
    "conversations become text by the template",
    arguments: [
      (#"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}]}"#, "[system] s|[user] u"),
      (#"{"instruction":"i","input":"x","output":"o"}"#, "[user] i\nx|[assistant] o"),
      (#"{"question":"q","answer":"a","system":"s"}"#, "[system] s|[user] q|[assistant] a"),
      (#"{"prompt":"p","response":"r","history":[["a","b"]]}"#, "[user] a|[assistant] b|[user] p|[assistant] r"),
      (#"{"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]}"#, "[user] q|[assistant] a"),
      (#"{"input":"i","target":"t","kind":"x"}"#, "[user] i|[assistant] t"),
    ])
  func template(line: String, text: String) throws {
    let outcome = try read(line, "{}") {
      $0.turn = "[{role}] {content}"
      $0.turnSeparator = "|"
    }
    #expect(outcome.texts == [text])
    #expect(outcome.documents.first?.channel == "instruct")
  }

  @Test("a template without the content, two ways to name the text: refused")
  func refused() {
    var settings = ReadSettings()
    settings.turn = "{role}"
    #expect(throws: SettingError.self) { try settings.validate() }
    #expect(throws: SettingError.self) {
      try SourceOptions.parse(Array(#"{text_field:"a",text_fields:["b"]}"#.utf8), file: ".source.json5")
    }
  }

  @Test("emoji and left-over tags are mended when it is asked for")
  func mending() throws {
    let line = #"{"text":"ok 😀<br>line&nbsp;two"}"#
    #expect(try read(line, "{}").texts == ["ok 😀<br>line&nbsp;two"])
    let outcome = try read(line, "{}") {
      $0.emojiToText = true
      $0.mendTags = true
    }
    #expect(outcome.texts == ["ok :grinning_face:\nline two"])
  }
}
