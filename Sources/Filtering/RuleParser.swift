import Documents
import Settings

/// Reads the table of rules.
struct RuleParser {
  let channels: ChannelTable
  private static let keys = [
    "name", "signal", "line", "pattern", "literal", "ignore_case", "below", "above", "channels", "genres",
    "except_genres", "when", "phrases", "action", "canary",
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
    let (subject, action) = try (subject(item), action(item))
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
      name: name, subject: subject, bound: try self.bound(of: item), action: action, channels: exact, genres: genres[0],
      exceptGenres: genres[1], conditions: conditions, phrases: try phrases(item),
      canary: try canary(item, name, genres[0].first ?? .unknown))
  }

  /// `signal: "..."` for a rule over documents, `line: "..."` for one over lines, `pattern: "..."` for either.
  private func subject(_ item: SettingValue) throws(SettingError) -> Rule.Subject {
    if ["signal", "line", "pattern"].count(where: { item[$0] != nil }) > 1 {
      throw SettingError("a rule asks one of 'signal', 'line' and 'pattern', not both", at: item)
    }
    if item["pattern"] != nil { return .pattern(try pattern(item)) }
    for key in ["literal", "ignore_case"] {
      if let value = item[key] { throw SettingError("'\(key)' goes with a 'pattern'", at: value) }
    }
    guard let line = item["line"] else { return .document(try signal(item)) }
    return .line(try choice(line, "line signal", LineSignal.allCases.map(\.rawValue)) { LineSignal(rawValue: $0) })
  }

  private func pattern(_ item: SettingValue) throws(SettingError) -> LinePattern {
    guard let value = item["pattern"], let source = value.text else {
      throw .wrong("pattern", "a regular expression", item["pattern"] ?? item)
    }
    if let given = item["ignore_case"], given.bool == nil { throw .wrong("ignore_case", "true or false", given) }
    do throws(LinePatternError) {
      return try LinePattern(
        source, literal: item["literal"]?.text ?? "", ignoresCase: item["ignore_case"]?.bool ?? false)
    } catch {
      throw SettingError(error.description, at: value)
    }
  }

  private func action(_ item: SettingValue) throws(SettingError) -> Rule.Action {
    let (isLine, isPattern) = (item["line"] != nil, item["pattern"] != nil)
    guard let value = item["action"] else { return isLine ? .dropLine : .drop }
    guard let action = value.text.flatMap({ Rule.Action(rawValue: $0) }) else {
      throw .wrong("action", "\"drop\", \"drop_line\", \"cut\" or \"flag\"", value)
    }
    if action == .cut, !isPattern { throw SettingError("the action 'cut' goes with a 'pattern'", at: value) }
    if !isPattern, isLine != (action == .dropLine) {
      throw SettingError("the action 'drop_line' goes with a 'line', the others with a 'signal'", at: value)
    }
    return action
  }

  /// A pattern that matches at all is what is meant where a rule over one gives no bound.
  private func bound(of item: SettingValue) throws(SettingError) -> Rule.Bound {
    if item["pattern"] != nil, item["above"] == nil, item["below"] == nil { return .above(0) }
    return try bound(item)
  }

  private func phrases(_ item: SettingValue) throws(SettingError) -> [[UInt8]] {
    guard let list = item["phrases"] else { return [] }
    guard let texts = list.list?.compactMap(\.text), texts.count == list.list?.count else {
      throw .wrong("phrases", "a list of texts", list)
    }
    return texts.map { $0.utf8.map(LineSignal.lowered) }
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

  /// `canary: "text"`, `canary: {text: "...", repeat: 20}`, or `canary: "list"`: phrases of the signal's list.
  private func canary(_ item: SettingValue, _ name: String, _ genre: Genre) throws(SettingError) -> Rule.Canary {
    guard let value = item["canary"] else {
      throw SettingError("the rule '\(name)' needs a canary: a text that it must hit", at: item)
    }
    if value.text == "list" { return Rule.Canary(text: [], genre: genre, isFromList: true) }
    if let text = value.text { return Rule.Canary(text: Array(text.utf8), genre: genre, isFromList: false) }
    try checkKeys(value, ["text", "repeat"])
    guard let text = value["text"]?.text, let times = value["repeat"]?.integer, (1...10_000).contains(times) else {
      throw .wrong("canary", "a text or {text: \"...\", repeat: 1...10000}", value)
    }
    return Rule.Canary(
      text: Array(String(repeating: text, count: times).utf8), genre: genre, isFromList: false)
  }
}
