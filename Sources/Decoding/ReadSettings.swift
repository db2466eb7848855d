import Settings

/// Section `read`: what is accepted as a record or a document, and the bounds that hostile input meets.
public struct ReadSettings: SettingsSection {
  public static let name = "read"
  public static let summary = "How files are read: where the text of a record is and what is too large."

  public var textField = "text"
  public var turn = "{role}: {content}"
  public var turnSeparator = "\n\n"
  public var normalize = true
  public var undoMojibake = true
  public var mendTags = false
  public var emojiToText = false
  public var converters = ""
  public var maxLineMegabytes = 16
  public var maxDocumentMegabytes = 64
  public var minDocumentBytes = 1
  public var unpackRatio = 200
  public var unpackFreeMegabytes = 64
  public var unpackMaxGigabytes = 1024
  public var badLineBytes = 65_536
  public var convertSeconds = 60
  public var convertMegabytes = 1024
  public var recordSeconds = 60
  public var recordMegabytes = 4096

  public init() {}

  public static let keys: [SettingKey<ReadSettings>] = [
    .text("text_field", \.textField, "member of a JSON record that holds its text"),
    .text(
      "turn", \.turn,
      "a turn of a conversation (messages, prompt and response, instruction and output) as text: `{role}` is user, "
        + "assistant or system"),
    SettingKey("turn_separator", "stands between two turns", allowed: "a text") {
      "\"" + $0.turnSeparator.replacing("\n", with: "\\n") + "\""
    } apply: { value, section throws(SettingError) in
      guard let text = value.text else { throw .wrong("turn_separator", "a text", value) }
      section.turnSeparator = text
    },
    .flag(
      "normalize", \.normalize,
      "false: control and zero-width characters, line ends, spaces at line ends and characters outside NFC stay as they came"
    ),
    .flag(
      "undo_mojibake", \.undoMojibake,
      "texts that a wrong decoding garbled are put right where every byte proves it, else only flagged"),
    .flag("mend_tags", \.mendTags, "left-over `<br>`, `</p>`, `&nbsp;` and their misspellings become what they mean"),
    .flag("emoji_to_text", \.emojiToText, "emoji become their names: `:grinning_face:`"),
    .text(
      "converters", \.converters,
      "JSON5 file of programs that make text of other formats, added to the built-in etc/converters.json5"),
    .integer("max_line_mb", \.maxLineMegabytes, 1...1024, "a longer line of a .jsonl file is set aside, in MiB"),
    .integer(
      "max_document_mb", \.maxDocumentMegabytes, 1...1024,
      "a longer text, Markdown, HTML or code file is rejected, in MiB"),
    .integer(
      "min_document_bytes", \.minDocumentBytes, 1...1_000_000, "a record whose clean text is shorter is set aside"),
    .integer("unpack_ratio", \.unpackRatio, 2...100_000, "bytes out per byte in that a compressed file may reach"),
    .integer(
      "unpack_free_mb", \.unpackFreeMegabytes, 1...65_536, "the ratio is not asked about before this many MiB came out"),
    .integer("unpack_max_gb", \.unpackMaxGigabytes, 1...1_000_000, "GiB that may come out of one compressed file"),
    .integer("bad_line_bytes", \.badLineBytes, 256...1_048_576, "how much of a line set aside is kept"),
    .integer(
      "convert_s", \.convertSeconds, 1...86_400,
      "a converter that gives nothing for this long is killed; its processor time is bounded by this and 4 s a MiB"),
    .integer("convert_mb", \.convertMegabytes, 16...1_048_576, "memory of a converter at most, in MiB"),
    .integer(
      "record_s", \.recordSeconds, 1...86_400, "a record that is tried alone and takes longer counts as a death"),
    .integer("record_mb", \.recordMegabytes, 256...1_048_576, "memory of the process that tries one record, in MiB"),
  ]

  public func validate() throws(SettingError) {
    if textField.isEmpty { throw SettingError("read.text_field must not be empty") }
    if !turn.contains("{content}") { throw SettingError("read.turn must hold {content}, e.g. '{role}: {content}'") }
  }

  var maxLine: Int { maxLineMegabytes << 20 }
  var maxDocument: Int { maxDocumentMegabytes << 20 }
}
