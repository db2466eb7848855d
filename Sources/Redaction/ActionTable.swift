import Documents

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
