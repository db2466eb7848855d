import Settings

/// What `.source.json5` says about the files of one folder. An empty text means: not given.
public struct SourceOptions: SettingsSection, Equatable {
  public static let name = "source"
  public static let summary = "A folder's .source.json5: what is known about its documents before they are read."

  public var channel = ""
  public var genre = ""
  public var textField = ""
  public var textFields: [String] = []
  public var idField = ""
  public var urlField = ""
  public var dateField = ""
  public var licence = ""
  public var qualityPrior = 0.0
  public var maxUses = 0
  public var encoding = ""

  public init() {}

  public static let keys: [SettingKey<SourceOptions>] = [
    .text("channel", \.channel, "channel of all documents here; empty: classified one by one"),
    .text("genre", \.genre, "genre of all documents here; empty: guessed"),
    .text(
      "text_field", \.textField,
      "member of a record that holds its text, `a.b` for one inside another; empty: read.text_field"),
    .texts(
      "text_fields", \.textFields, "members that make up the text, a blank line between them: `[\"title\", \"body\"]`"),
    .text("id_field", \.idField, "member that holds the record's own id; empty: id"),
    .text("url_field", \.urlField, "member that is kept as `url` of the metadata; empty: url"),
    .text("date_field", \.dateField, "member that is kept as `date` of the metadata; empty: date"),
    .text("licence", \.licence, "kept with each document, as `licence` of its metadata"),
    .number("quality_prior", \.qualityPrior, -1...1, "added to the score"),
    .integer("max_uses", \.maxUses, 0...1000, "how often a document may be used; 0: the configuration's"),
    .text("encoding", \.encoding, "character encoding of the files; empty: detected"),
  ]

  public func validate() throws(SettingError) {
    if !textField.isEmpty && !textFields.isEmpty {
      throw SettingError("source.text_field and source.text_fields: give one of them")
    }
    if !encoding.isEmpty, TextEncoding(label: encoding) == nil {
      throw SettingError(
        "source.encoding: '\(encoding)' is not known; examples: utf-8, gb18030, big5, utf-16, windows-1252")
    }
  }

  /// - Parameter file: shown in messages.
  public static func parse(_ bytes: [UInt8], file: String) throws(SettingError) -> SourceOptions {
    do throws(SettingError) {
      return try decode(try JSON5Parser.parse(bytes))
    } catch {
      var named = error
      named.file = file
      throw named
    }
  }
}
