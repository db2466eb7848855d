import Settings

/// Section `redact`: which personal data is masked.
public struct RedactSettings: SettingsSection {
  public static let name = "redact"
  public static let summary =
    "Personal data replaced by typed placeholders, the same value by the same one within a document."

  public var enabled = true
  public var email = true
  public var phone = true
  public var identityCard = true
  public var bankCard = true
  public var ipv4 = true
  public var reprint = true

  public init() {}

  public static let keys: [SettingKey<RedactSettings>] = [
    .flag("enabled", \.enabled, "false: nothing is masked"),
    .flag("email", \.email, "e-mail addresses become <EMAIL_1>"),
    .flag("phone", \.phone, "Chinese mobile numbers become <PHONE_1>"),
    .flag("id_card", \.identityCard, "Chinese identity numbers with a right check digit become <ID_CARD_1>"),
    .flag("bank_card", \.bankCard, "card numbers with a known prefix and a right Luhn digit become <BANK_CARD_1>"),
    .flag("ipv4", \.ipv4, "public IPv4 addresses become <IPV4_1>"),
    .flag("reprint", \.reprint, "reprint and source notices (转载自 ..., 来源：...) are deleted"),
  ]
}
