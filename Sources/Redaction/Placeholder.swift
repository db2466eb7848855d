import Documents
import Settings
public struct RedactSettings: SettingsSection { public static let name = "redact"; public static let summary = ""; public init() {}; public static let keys: [SettingKey<RedactSettings>] = [] }
public struct Redactor: Stage { public init(_ s: RedactSettings) {}; public func process(_ document: inout Document) {} }
