import Classification
import Composition
import DataAgent
import Decoding
import Decontamination
import Deduplication
import EvalAgent
import Filtering
import Phases
import Redaction
import Scoring
import Settings
import Spool
import Tokenization
import Training

/// Every section of the configuration: one list for checking names, for `explain`, for docs/CONFIG.md.
enum Sections {
  static let all: [any SettingsSection.Type] = [
    SpoolSettings.self, ReadSettings.self, ClassifySettings.self, CleanSettings.self, RedactSettings.self,
    ScoreSettings.self, DedupeSettings.self, DecontaminateSettings.self, TokenizeSettings.self, ComposeSettings.self,
    PhaseSettings.self,
    ModelSettings.self, TrainSettings.self, EvaluateSettings.self,
  ]

  static var names: [String] { all.map { $0.name } }

  /// Keys whose value differs, as `section.key`; the list of phases is one.
  static func changes(_ old: SettingTree, _ new: SettingTree) throws(SettingError) -> [String] {
    var changed: [String] = []
    for section in all {
      if section.name == PhaseSettings.name {
        let isSame = old[section.name]?.written == new[section.name]?.written
        if !isSame { changed.append(section.name) }
      } else {
        changed += try changes(section, old, new)
      }
    }
    return changed
  }

  private static func changes<Section: SettingsSection>(
    _ type: Section.Type, _ old: SettingTree, _ new: SettingTree
  ) throws(SettingError) -> [String] {
    let before = try old.decode(type)
    let after = try new.decode(type)
    return Section.keys.filter { $0.shown(before) != $0.shown(after) }.map { "\(Section.name).\($0.name)" }
  }
}
