/// A section of the configuration: a struct whose defaults are its initial values and whose keys are declared once.
public protocol SettingsSection: Sendable {
  static var name: String { get }
  /// One sentence for `pretraind explain` and docs/CONFIG.md.
  static var summary: String { get }
  static var keys: [SettingKey<Self>] { get }
  init()
  /// Rules between keys; called after all were applied.
  func validate() throws(SettingError)
}

extension SettingsSection {
  public func validate() throws(SettingError) {}

  /// The section from its table in the configuration; absent keys keep their defaults, unknown ones are refused.
  public static func decode(_ value: SettingValue?) throws(SettingError) -> Self {
    var section = Self()
    guard let value else {
      try section.validate()
      return section
    }
    guard let members = value.table else { throw .wrong(name, "a table", value) }
    for (key, value) in members {
      guard let known = keys.first(where: { $0.name == key }) else {
        throw Nearest.unknown("key", "\(name).\(key)", among: keys.map { "\(name).\($0.name)" }, at: value)
      }
      do throws(SettingError) {
        try known.apply(value, &section)
      } catch {
        throw SettingError("\(name).\(error.reason)", line: error.line, column: error.column)
      }
    }
    try section.validate()
    return section
  }

  /// The section as Markdown: a table row a key, generated so that documentation cannot drift.
  public static func markdown() -> String {
    let defaults = Self()
    var text = "## \(name)\n\n\(summary)\n\n| key | default | allowed | meaning |\n|---|---|---|---|\n"
    for key in keys {
      let allowed = key.allowed.replacing("|", with: "\\|")
      text += "| `\(name).\(key.name)` | `\(key.shown(defaults))` | \(allowed) | \(key.meaning) |\n"
    }
    return text
  }
}

extension String {
  fileprivate func replacing(_ character: Character, with text: String) -> String {
    reduce(into: "") { $0 += $1 == character ? text : String($1) }
  }
}
