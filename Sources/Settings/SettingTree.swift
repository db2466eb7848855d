/// A whole configuration: the file's sections with the command line's `--set section.key=value` laid over them.
public struct SettingTree: Sendable {
  public private(set) var sections: [(key: String, value: SettingValue)] = []
  public let file: String

  /// All defaults.
  public init() { file = "" }

  /// - Parameter file: shown in messages.
  public init(_ bytes: [UInt8], file: String) throws(SettingError) {
    self.file = file
    do throws(SettingError) {
      let root = try JSON5Parser.parse(bytes)
      guard let members = root.table else {
        throw SettingError("the configuration must be a table of sections", at: root)
      }
      sections = members
    } catch {
      var named = error
      named.file = file
      throw named
    }
  }

  /// Lays `section.key=value` over the file; the value is JSON5, or a text when it does not parse as such.
  public mutating func set(_ assignment: String) throws(SettingError) {
    guard let equal = assignment.firstIndex(of: "="), let dot = assignment[..<equal].firstIndex(of: ".") else {
      throw SettingError("--set \(assignment): write it as section.key=value")
    }
    let section = String(assignment[..<dot])
    let key = String(assignment[assignment.index(after: dot)..<equal])
    let text = String(assignment[assignment.index(after: equal)...])
    let parsed = (try? JSON5Parser.parse(Array(text.utf8)))?.content ?? .text(text)
    let value = SettingValue(parsed)
    var members = self[section]?.table ?? []
    members.removeAll { $0.key == key }
    members.append((key, value))
    sections.removeAll { $0.key == section }
    sections.append((section, SettingValue(.table(members))))
  }

  public subscript(_ section: String) -> SettingValue? { sections.first { $0.key == section }?.value }

  /// The section as its struct, checked.
  public func decode<Section: SettingsSection>(_ type: Section.Type) throws(SettingError) -> Section {
    do throws(SettingError) {
      return try Section.decode(self[Section.name])
    } catch {
      var named = error
      named.file = file
      throw named
    }
  }

  /// Refuses sections nobody knows, naming the nearest right name.
  public func checkNames(_ known: [String]) throws(SettingError) {
    for (key, value) in sections where !known.contains(key) {
      var error = Nearest.unknown("section", key, among: known, at: value)
      error.file = file
      throw error
    }
  }
}
