/// Something to mask or to delete.
struct Finding {
  let kind: RedactionKind
  let start: Int
  let end: Int
  /// Hash of the normalised value, so that one value keeps one ordinal.
  let key: UInt64
  /// In source code, whether it stands in a string or a comment.
  var isLiteral = true
}

/// What is looked for, and how its placeholder calls it.
public enum RedactionKind: UInt8, CaseIterable, Sendable {
  case email, phone, identityCard, bankCard, ipv4, reprint
  case ipv6, mac, passport, companyCode, plate, socialSecurity, iban, credential, secret, qq, wechat
  case name, address, notice, references, listed

  /// As in placeholders, records and `redact.actions`.
  public var label: String {
    switch self {
    case .email: "EMAIL"
    case .phone: "PHONE"
    case .identityCard: "ID_CARD"
    case .bankCard: "BANK_CARD"
    case .ipv4: "IPV4"
    case .reprint: "REPRINT"
    case .ipv6: "IPV6"
    case .mac: "MAC"
    case .passport: "PASSPORT"
    case .companyCode: "COMPANY_CODE"
    case .plate: "PLATE"
    case .socialSecurity: "SSN"
    case .iban: "IBAN"
    case .credential: "CREDENTIAL"
    case .secret: "SECRET"
    case .qq: "QQ"
    case .wechat: "WECHAT"
    case .name: "NAME"
    case .address: "ADDRESS"
    case .notice: "NOTICE"
    case .references: "REFERENCES"
    case .listed: "LISTED"
    }
  }

  /// The key of section `redact` that switches it on, and its name in `redact.actions`.
  public var settingName: String { label.lowercased() }

  /// Text that says nothing rather than data about someone: it is cut, whatever the action for values is.
  public var isBoilerplate: Bool {
    switch self {
    case .reprint, .notice, .references, .listed: true
    default: false
    }
  }
}
