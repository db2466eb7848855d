import Classification
import Composition
import Decoding
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
    ScoreSettings.self, DedupeSettings.self, TokenizeSettings.self, ComposeSettings.self, PhaseSettings.self,
    ModelSettings.self, TrainSettings.self, EvaluateSettings.self,
  ]

  static var names: [String] { all.map { $0.name } }
}
