import Documents

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

/// The action for each channel and kind, settled once.
struct ActionTable: Sendable {
  private let actions: [RedactionAction?]
  private static let kinds = RedactionKind.allCases.count

  init(_ settings: RedactSettings, channels: ChannelTable) {
    let overrides = settings.actions.compactMap(ActionOverride.init)
    let usual = RedactionAction(rawValue: settings.action) ?? .placeholder
    var actions: [RedactionAction?] = []
    for channel in channels.names {
      for kind in RedactionKind.allCases {
        var action: RedactionAction? = kind.isBoilerplate ? .delete : usual
        for override in overrides where override.channel == nil || override.channel == channel {
          // `*` for the type means values; boilerplate is named to be treated otherwise.
          if override.kind == kind || (override.kind == nil && !kind.isBoilerplate) { action = override.action }
        }
        actions.append(action)
      }
    }
    self.actions = actions
  }

  func action(_ channel: Channel, _ kind: RedactionKind) -> RedactionAction? {
    let index = Int(channel.index) * ActionTable.kinds + Int(kind.rawValue)
    return index < actions.count ? actions[index] : kind.isBoilerplate ? .delete : .placeholder
  }
}
