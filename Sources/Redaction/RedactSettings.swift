import Settings

/// Section `redact`: which personal data is masked, and how.
public struct RedactSettings: SettingsSection {
  public static let name = "redact"
  public static let summary =
    "Personal data replaced by typed placeholders, the same value by the same one within a document; boilerplate cut."

  public var enabled = true
  public var email = true
  public var phone = true
  public var identityCard = true
  public var bankCard = true
  public var iban = true
  public var socialSecurity = true
  public var passport = true
  public var companyCode = true
  public var plate = true
  public var ipv4 = true
  public var ipv6 = true
  public var mac = true
  public var credential = true
  public var secret = true
  public var qq = true
  public var wechat = true
  public var nameChinese = false
  public var nameEnglish = false
  public var address = false
  public var reprint = true
  public var notice = true
  public var references = true
  public var list = ""
  public var action = "placeholder"
  public var actions: [String] = []
  public var placeholder = "<{type}_{n}>"
  public var codePlaceholder = "{type}_{n}"
  public var pseudonymKey = ""
  public var densePerThousand = 0.0

  public init() {}

  public static let keys: [SettingKey<RedactSettings>] =
    [.flag("enabled", \.enabled, "false: nothing is masked")] + personal + network + words + boilerplate + treatment

  private static let personal: [SettingKey<RedactSettings>] = [
    .flag("email", \.email, "e-mail addresses become <EMAIL_1>"),
    .flag(
      "phone", \.phone,
      "phone numbers become <PHONE_1>: Chinese mobiles, landlines with area code, 400 numbers, +..., North American ones"
    ),
    .flag(
      "id_card", \.identityCard,
      "Chinese identity numbers with a right region, date and check digit become <ID_CARD_1>; of 15 digits beside such a word"
    ),
    .flag("bank_card", \.bankCard, "card numbers with a known prefix and a right Luhn digit become <BANK_CARD_1>"),
    .flag("iban", \.iban, "international account numbers with right check digits become <IBAN_1>"),
    .flag("ssn", \.socialSecurity, "United States social security numbers become <SSN_1>"),
    .flag("passport", \.passport, "passport numbers beside a word that says so become <PASSPORT_1>"),
    .flag(
      "company_code", \.companyCode, "unified social credit codes with a right check character become <COMPANY_CODE_1>"),
    .flag("plate", \.plate, "Chinese licence plates become <PLATE_1>"),
    .flag("qq", \.qq, "QQ numbers beside a word that says so become <QQ_1>"),
    .flag("wechat", \.wechat, "WeChat names beside a word that says so become <WECHAT_1>"),
  ]

  private static let network: [SettingKey<RedactSettings>] = [
    .flag("ipv4", \.ipv4, "public IPv4 addresses become <IPV4_1>"),
    .flag("ipv6", \.ipv6, "public IPv6 addresses become <IPV6_1>"),
    .flag("mac", \.mac, "hardware addresses become <MAC_1>"),
    .flag("credential", \.credential, "user:password@ in web addresses becomes <CREDENTIAL_1>@"),
    .flag(
      "secret", \.secret,
      "keys and tokens become <SECRET_1>: known prefixes, JSON web tokens, PEM private keys, random values of passwords and keys"
    ),
  ]

  private static let words: [SettingKey<RedactSettings>] = [
    .flag("name_zh", \.nameChinese, "Chinese names beside an announcing word or a title become <NAME_1>"),
    .flag("name_en", \.nameEnglish, "English names behind an honorific or with a common given name become <NAME_1>"),
    .flag("address", \.address, "Chinese and English street addresses become <ADDRESS_1>"),
  ]

  private static let boilerplate: [SettingKey<RedactSettings>] = [
    .flag("reprint", \.reprint, "reprint and source notices (转载自 ..., 来源：...) are deleted"),
    .flag(
      "notice", \.notice,
      "lines around an article are deleted: 责任编辑, 原标题, 版权声明, 关注公众号, 上一篇, cookie and share bars"),
    .flag("references", \.references, "reference lists (参考文献, References) are deleted with their heading"),
    .text(
      "list", \.list,
      "file of phrases to cut, one a line, `line: ` or `sentence: ` before it for more than the phrase; empty: none"),
  ]

  private static let treatment: [SettingKey<RedactSettings>] = [
    .text(
      "action", \.action, oneOf: RedactionAction.allCases.map(\.rawValue),
      "what happens to a value: a typed placeholder, a made-up value of the same shape, nothing in its place, or its document is dropped"
    ),
    .texts(
      "actions", \.actions,
      "other actions as \"channel/type=action\", types named like their keys (`name`, `listed`), `*` for any; the last that "
        + "fits wins; `off` leaves the type alone"
    ),
    .text("placeholder", \.placeholder, "how a placeholder looks; {type} and {n} are filled in"),
    .text("code_placeholder", \.codePlaceholder, "the same in source code: {type} and {n} with letters, digits and _"),
    .text(
      "pseudonym_key", \.pseudonymKey,
      "secret that makes a value's made-up one the same in all documents; empty: the same within a document only"),
    .number(
      "dense_per_1000", \.densePerThousand, 0...1000,
      "documents with more masked values than this per 1,000 bytes, and with more than 5, are dropped; 0: none"),
  ]

  public func validate() throws(SettingError) {
    for text in actions where ActionOverride(text) == nil {
      throw SettingError(
        "redact.actions: '\(text)' is not \"channel/type=action\" with a known type or * and one of "
          + (RedactionAction.allCases.map(\.rawValue) + ["off"]).joined(separator: ", "))
    }
    guard placeholder.contains("{n}") == placeholder.contains("{type}") || !placeholder.contains("{n}") else {
      throw SettingError("redact.placeholder: {n} without {type} gives two values one placeholder")
    }
    let rest = codePlaceholder.utf8.filter { !"{}".utf8.contains($0) }
    guard let first = rest.first, !TextView.isDigit(first), rest.allSatisfy(TextView.isWord) else {
      throw SettingError("redact.code_placeholder: '\(codePlaceholder)' would not be a name in source code")
    }
  }

  /// Whether the kind is looked for at all.
  func looksFor(_ kind: RedactionKind) -> Bool {
    switch kind {
    case .email: email
    case .phone: phone
    case .identityCard: identityCard
    case .bankCard: bankCard
    case .ipv4: ipv4
    case .reprint: reprint
    case .ipv6: ipv6
    case .mac: mac
    case .passport: passport
    case .companyCode: companyCode
    case .plate: plate
    case .socialSecurity: socialSecurity
    case .iban: iban
    case .credential: credential
    case .secret: secret
    case .qq: qq
    case .wechat: wechat
    case .name: nameChinese || nameEnglish
    case .address: address
    case .notice: notice
    case .references: references
    case .listed: true
    }
  }
}
