import DataAgent
import Phases
import Settings

extension Context {
  /// Everything that can be known to be wrong before a house is opened.
  func check(_ tree: SettingTree) throws -> AgentSettings {
    for section in Sections.all where section.name != PhaseSettings.name { try Context.decode(section, tree) }
    let settings = try agentSettings(tree)
    _ = try agentStages(settings)
    return settings
  }

  private static func decode<Section: SettingsSection>(_ type: Section.Type, _ tree: SettingTree) throws(SettingError) {
    _ = try tree.decode(type)
  }
}
