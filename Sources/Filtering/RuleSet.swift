import Documents
import Settings

/// The rules of a run, in the order they are asked.
public struct RuleSet: Sendable, Equatable {
  public let rules: [Rule]

  /// The built-in rules of the set `default`, the same as `etc/rules/default.json5`.
  public static func builtIn(channels: ChannelTable = ChannelTable()) throws(SettingError) -> RuleSet {
    try builtIn(["default"], channels: channels)
  }

  /// The built-in sets of these names, one behind the other.
  public static func builtIn(_ names: [String], channels: ChannelTable = ChannelTable()) throws(SettingError) -> RuleSet
  {
    var all = RuleSet(rules: [])
    for name in names {
      guard let text = BuiltInRules.texts[name] else {
        let hint = Nearest.name(to: name, among: BuiltInRules.names).map { "; did you mean '\($0)'?" } ?? ""
        throw SettingError(
          "clean.sets: there is no set '\(name)'\(hint); there are \(BuiltInRules.names.joined(separator: ", "))")
      }
      all = try all.joined(try RuleSet(Array(text.utf8), file: "built-in rules '\(name)'", channels: channels))
    }
    return all
  }

  /// Rules from JSON5 text; strict: unknown keys, signals, channels and genres are refused with the nearest right name.
  /// - Parameter file: shown in messages.
  public init(_ bytes: [UInt8], file: String, channels: ChannelTable = ChannelTable()) throws(SettingError) {
    do throws(SettingError) {
      rules = try RuleParser(channels: channels).rules(try JSON5Parser.parse(bytes))
    } catch {
      var named = error
      named.file = file
      throw named
    }
  }

  private init(rules: [Rule]) { self.rules = rules }

  /// These rules and then the others; a name that is there twice is refused.
  public func joined(_ other: RuleSet) throws(SettingError) -> RuleSet {
    let known = Set(rules.map(\.name))
    if let twice = other.rules.first(where: { known.contains($0.name) }) {
      throw SettingError("the rule '\(twice.name)' is in two sets; leave one of them out or rename the rule")
    }
    return RuleSet(rules: rules + other.rules)
  }

  /// The same rules but for those named; a name that is no rule is refused.
  public func without(_ names: [String]) throws(SettingError) -> RuleSet {
    let known = rules.map(\.name)
    for name in names where !known.contains(name) {
      let hint = Nearest.name(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingError("clean.off: there is no rule '\(name)'\(hint)")
    }
    return RuleSet(rules: rules.filter { !names.contains($0.name) })
  }

  /// The rules whose list of phrases is empty, or whose model is switched off: they can hit nothing, and nobody expects
  /// them to.
  public func idle(_ meter: SignalMeter) -> [String] {
    rules.filter { $0.isIdle(meter) }.map(\.name)
  }

  /// The rules that do not hit their own canary, each with what the canary hits instead; empty when all is well.
  public func checkCanaries(_ meter: SignalMeter = SignalMeter()) -> [String] {
    rules.compactMap { rule in
      if rule.isIdle(meter) { return nil }
      let text = rule.canaryText(meter)
      if rule.isAboutLines {
        return text.withUnsafeBufferPointer { rule.hit($0) } == nil ? rule.name : nil
      }
      let signals = meter.measure(text)
      if let counts = PatternCounts([rule]) {
        return rule.hit(lines: counts.count(text)[0], signals, genre: rule.canary.genre) == nil ? rule.name : nil
      }
      if rule.hit(signals, genre: rule.canary.genre) != nil { return nil }
      let channel = rule.channels.first ?? .english
      let other = rules.first { $0.applies(to: channel) && $0.hit(signals, genre: rule.canary.genre) != nil }
      return rule.name + (other.map { " (it hits \($0.name))" } ?? "")
    }
  }
}

extension Rule {
  func isIdle(_ meter: SignalMeter) -> Bool {
    !meter.measures(signal) || canary.isFromList && canaryText(meter).isEmpty
  }

  func canaryText(_ meter: SignalMeter) -> [UInt8] {
    guard canary.isFromList, let signal, let phrases = meter.phrases.phrases(of: signal) else { return canary.text }
    return Array(phrases.prefix(20).joined(separator: [0x20]))
  }
}
