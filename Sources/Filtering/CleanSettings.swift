import Settings

/// Section `clean`: which rules drop documents.
public struct CleanSettings: SettingsSection {
  public static let name = "clean"
  public static let summary = "Named rules over measured signals that drop documents, per channel and genre."

  public var enabled = true
  public var rules = ""
  public var keywords = ""
  public var off: [String] = []

  public init() {}

  public static let keys: [SettingKey<CleanSettings>] = [
    .flag("enabled", \.enabled, "false: signals are measured, nothing is dropped"),
    .text("rules", \.rules, "JSON5 file of rules; empty: the built-in ones, which are etc/rules/default.json5"),
    .text("keywords", \.keywords, "file of promotion phrases, one a line; empty: the built-in ones"),
    .texts("off", \.off, "names of rules that are switched off"),
  ]
}
