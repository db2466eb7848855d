import Documents
import Settings

/// The rules of a run, in the order they are asked.
public struct RuleSet: Sendable, Equatable {
  public let rules: [Rule]

  /// The built-in rules, the same as `etc/rules/default.json5`.
  public static func builtIn(channels: ChannelTable = ChannelTable()) throws(SettingError) -> RuleSet {
    try RuleSet(Array(DefaultRules.text.utf8), file: "built-in rules", channels: channels)
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

  /// The same rules but for those named; a name that is no rule is refused.
  public func without(_ names: [String]) throws(SettingError) -> RuleSet {
    let known = rules.map(\.name)
    for name in names where !known.contains(name) {
      let hint = Nearest.name(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingError("clean.off: there is no rule '\(name)'\(hint)")
    }
    return RuleSet(rules: rules.filter { !names.contains($0.name) })
  }

  /// Names of the rules that do not hit their own canary; empty when all is well.
  public func checkCanaries(_ meter: SignalMeter = SignalMeter()) -> [String] {
    rules.filter { $0.hit(meter.measure($0.canary.text), genre: $0.canary.genre) == nil }.map(\.name)
  }
}

/// Reads the table of rules.
private struct RuleParser {
  let channels: ChannelTable
  private static let keys = [
    "name", "signal", "below", "above", "channels", "genres", "except_genres", "when", "action", "canary",
  ]

  func rules(_ root: SettingValue) throws(SettingError) -> [Rule] {
    try checkKeys(root, ["rules"])
    guard let list = root["rules"]?.list else { throw .wrong("rules", "a list of rules", root) }
    var rules: [Rule] = []
    for item in list {
      let rule = try rule(item)
      if rules.contains(where: { $0.name == rule.name }) {
        throw SettingError("the rule '\(rule.name)' is there twice; give each its own name", at: item)
      }
      rules.append(rule)
    }
    return rules
  }

  private func rule(_ item: SettingValue) throws(SettingError) -> Rule {
    try checkKeys(item, RuleParser.keys)
    guard let name = item["name"]?.text, !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
      throw SettingError("a rule needs a name of letters, digits, '_' and '-'", at: item)
    }
    if let action = item["action"], action.text != "drop" { throw .wrong("action", "\"drop\"", action) }
    var exact: [Channel] = []
    for value in item["channels"]?.list ?? [] {
      exact.append(try choice(value, "channel", channels.names) { channels.channel($0) })
    }
    let genreNames = Genre.allCases.map(\.name)
    var genres: [[Genre]] = [[], []]
    for (place, key) in ["genres", "except_genres"].enumerated() {
      for value in item[key]?.list ?? [] {
        genres[place].append(try choice(value, "genre", genreNames) { Genre(name: $0) })
      }
    }
    var conditions: [Rule.Condition] = []
    for value in item["when"]?.list ?? [] {
      try checkKeys(value, ["signal", "below", "above"])
      conditions.append(Rule.Condition(signal: try signal(value), bound: try bound(value)))
    }
    return Rule(
      name: name, signal: try signal(item), bound: try bound(item), channels: exact, genres: genres[0],
      exceptGenres: genres[1], conditions: conditions, canary: try canary(item, name, genres[0].first ?? .unknown))
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    byte == 0x5F || byte == 0x2D || (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }

  private func checkKeys(_ value: SettingValue, _ known: [String]) throws(SettingError) {
    guard let members = value.table else { throw .wrong("this", "a table", value) }
    for (key, member) in members where !known.contains(key) {
      let hint = Nearest.name(to: key, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingError("unknown key '\(key)'\(hint)", at: member)
    }
  }

  private func choice<Choice>(
    _ value: SettingValue, _ kind: String, _ known: [String], _ find: (String) -> Choice?
  ) throws(SettingError) -> Choice {
    if let found = value.text.flatMap(find) { return found }
    let hint = Nearest.name(to: value.text ?? "", among: known).map { "; did you mean '\($0)'?" } ?? ""
    throw SettingError("unknown \(kind) \(value.text ?? value.kind)\(hint)", at: value)
  }

  private func signal(_ item: SettingValue) throws(SettingError) -> Signal {
    guard let value = item["signal"] else { throw SettingError("a signal is missing", at: item) }
    return try choice(value, "signal", Signal.allCases.map(\.name)) { Signal(name: $0) }
  }

  private func bound(_ item: SettingValue) throws(SettingError) -> Rule.Bound {
    switch (item["below"], item["above"]) {
    case (let value?, nil):
      guard let number = value.number else { throw .wrong("below", "a number", value) }
      return .below(Float(number))
    case (nil, let value?):
      guard let number = value.number else { throw .wrong("above", "a number", value) }
      return .above(Float(number))
    default: throw SettingError("exactly one of 'below' and 'above' is needed", at: item)
    }
  }

  /// `canary: "text"` or `canary: {text: "...", repeat: 20}`.
  private func canary(_ item: SettingValue, _ name: String, _ genre: Genre) throws(SettingError) -> Rule.Canary {
    guard let value = item["canary"] else {
      throw SettingError("the rule '\(name)' needs a canary: a text that it must hit", at: item)
    }
    if let text = value.text { return Rule.Canary(text: Array(text.utf8), genre: genre) }
    try checkKeys(value, ["text", "repeat"])
    guard let text = value["text"]?.text, let times = value["repeat"]?.integer, (1...10_000).contains(times) else {
      throw .wrong("canary", "a text or {text: \"...\", repeat: 1...10000}", value)
    }
    return Rule.Canary(text: Array(String(repeating: text, count: times).utf8), genre: genre)
  }
}
