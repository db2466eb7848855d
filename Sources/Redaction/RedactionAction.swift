/// What happens to a value that was found.
enum RedactionAction: String, CaseIterable, Sendable {
  case placeholder, pseudonym, delete, drop
}

/// One entry of `redact.actions`; nil stands for any, and an action of nil for `off`.
struct ActionOverride: Equatable {
  let channel: String?
  let kind: RedactionKind?
  let action: RedactionAction?

  init?(_ text: String) {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard sides.count == 2 else { return nil }
    action = RedactionAction(rawValue: sides[1])
    guard action != nil || sides[1] == "off" else { return nil }
    let names = sides[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 2, !names[0].isEmpty else { return nil }
    channel = names[0] == "*" ? nil : names[0]
    kind = RedactionKind.allCases.first { $0.settingName == names[1] }
    guard kind != nil || names[1] == "*" else { return nil }
  }
}
