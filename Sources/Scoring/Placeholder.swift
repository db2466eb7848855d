import Documents
import Settings
public struct ScoreSettings: SettingsSection { public static let name = "score"; public static let summary = ""; public init() {}; public static let keys: [SettingKey<ScoreSettings>] = [] }
public struct Scorer: Stage { public init(_ s: ScoreSettings, model: [UInt8]?) throws {}; public func process(_ document: inout Document) {} }
