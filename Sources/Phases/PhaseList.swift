import Settings

/// The training schedule: phases in order.
public struct PhaseList: Equatable, Sendable {
  /// The name of the configuration's section.
  public static let name = PhaseSettings.name
  public let phases: [Phase]

  /// One open constant phase `main`.
  public init(_ defaults: PhaseDefaults = PhaseDefaults()) {
    phases = [Phase(seqLen: defaults.seqLen, ropeTheta: defaults.ropeTheta)]
  }

  public init(_ phases: [Phase]) {
    precondition(!phases.isEmpty, "a schedule needs a phase")
    self.phases = phases
  }

  /// The section `phases` of a configuration, checked.
  /// - Parameter channels: the spool's channels, which the mixes may name.
  public static func decode(
    _ tree: SettingTree, channels: [String], _ defaults: PhaseDefaults = PhaseDefaults()
  ) throws(SettingError) -> PhaseList {
    do throws(SettingError) {
      return try decode(tree[name], channels: channels, defaults)
    } catch {
      var named = error
      named.file = tree.file
      throw named
    }
  }

  /// The list from its value; absent = the default list.
  public static func decode(
    _ value: SettingValue?, channels: [String], _ defaults: PhaseDefaults = PhaseDefaults()
  ) throws(SettingError) -> PhaseList {
    guard let value else { return PhaseList(defaults) }
    guard let tables = value.list, !tables.isEmpty else { throw .wrong(name, "a list of at least one table", value) }
    var phases: [Phase] = []
    for (position, table) in tables.enumerated() {
      let phase = try decodePhase(table, position, defaults)
      if phases.contains(where: { $0.name == phase.name }) {
        throw SettingError("phases: two phases are called '\(phase.name)'", at: table)
      }
      try check(phase.mix, channels, at: table["mix"] ?? table)
      phases.append(phase)
    }
    return PhaseList(phases)
  }

  private static func decodePhase(
    _ table: SettingValue, _ position: Int, _ defaults: PhaseDefaults
  ) throws(SettingError) -> Phase {
    do throws(SettingError) {
      return try PhaseSettings.decode(table).phase(position: position, defaults)
    } catch {
      throw error.line > 0 ? error : SettingError(error.reason, at: table)
    }
  }

  private static func check(
    _ mix: [Phase.MixEntry], _ channels: [String], at value: SettingValue
  ) throws(SettingError) {
    for (position, entry) in mix.enumerated() {
      if mix[..<position].contains(where: { $0.channel == entry.channel && $0.condition == entry.condition }) {
        throw SettingError("phases.mix names '\(entry.name)' twice", at: value)
      }
      if channels.contains(entry.channel) { continue }
      let near = Nearest.name(to: entry.channel, among: channels).map { "; did you mean '\($0)'?" }
      let hint = near ?? "; known: " + channels.joined(separator: ", ")
      throw SettingError("phases.mix: unknown channel '\(entry.channel)'\(hint)", at: value[entry.name] ?? value)
    }
  }
}
