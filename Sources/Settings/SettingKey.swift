/// One key of a configuration section, declared once: name, meaning, default, and how a value gets into the struct.
public struct SettingKey<Section: Sendable>: Sendable {
  public let name: String
  public let meaning: String
  /// What is allowed, for people: "1...64", "true or false", "one of a, b".
  public let allowed: String
  /// The default as it would be written.
  public let shown: @Sendable (Section) -> String
  public let apply: @Sendable (SettingValue, inout Section) throws(SettingError) -> Void

  /// A key with its own decoding.
  public init(
    _ name: String, _ meaning: String, allowed: String, shown: @escaping @Sendable (Section) -> String,
    apply: @escaping @Sendable (SettingValue, inout Section) throws(SettingError) -> Void
  ) {
    self.name = name
    self.meaning = meaning
    self.allowed = allowed
    self.shown = shown
    self.apply = apply
  }

  public static func flag(
    _ name: String, _ path: any WritableKeyPath<Section, Bool> & Sendable, _ meaning: String
  ) -> SettingKey {
    SettingKey(name, meaning, allowed: "true or false") {
      "\($0[keyPath: path])"
    } apply: { value, section throws(SettingError) in
      guard let flag = value.bool else { throw .wrong(name, "true or false", value) }
      section[keyPath: path] = flag
    }
  }

  public static func integer(
    _ name: String, _ path: any WritableKeyPath<Section, Int> & Sendable, _ range: ClosedRange<Int>, _ meaning: String
  ) -> SettingKey {
    let allowed = "\(range.lowerBound)...\(range.upperBound)"
    return SettingKey(name, meaning, allowed: allowed) {
      "\($0[keyPath: path])"
    } apply: { value, section throws(SettingError) in
      guard let number = value.integer, range.contains(number) else {
        throw .wrong(name, "a whole number in \(allowed)", value)
      }
      section[keyPath: path] = number
    }
  }

  public static func number(
    _ name: String, _ path: any WritableKeyPath<Section, Double> & Sendable, _ range: ClosedRange<Double>,
    _ meaning: String
  ) -> SettingKey {
    let allowed = "\(range.lowerBound)...\(range.upperBound)"
    return SettingKey(name, meaning, allowed: allowed) {
      "\($0[keyPath: path])"
    } apply: { value, section throws(SettingError) in
      guard let number = value.number, range.contains(number) else {
        throw .wrong(name, "a number in \(allowed)", value)
      }
      section[keyPath: path] = number
    }
  }

  public static func text(
    _ name: String, _ path: any WritableKeyPath<Section, String> & Sendable, oneOf choices: [String] = [],
    _ meaning: String
  ) -> SettingKey {
    let allowed = choices.isEmpty ? "a text" : "one of " + choices.joined(separator: ", ")
    return SettingKey(name, meaning, allowed: allowed) {
      "\"\($0[keyPath: path])\""
    } apply: { value, section throws(SettingError) in
      guard let text = value.text, choices.isEmpty || choices.contains(text) else {
        let hint = value.text.flatMap { Nearest.name(to: $0, among: choices) }.map { "; did you mean '\($0)'?" } ?? ""
        throw .wrong(name, allowed + hint, value)
      }
      section[keyPath: path] = text
    }
  }

  public static func texts(
    _ name: String, _ path: any WritableKeyPath<Section, [String]> & Sendable, _ meaning: String
  ) -> SettingKey {
    SettingKey(name, meaning, allowed: "a list of texts") { section in
      "[" + section[keyPath: path].map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    } apply: { value, section throws(SettingError) in
      var texts: [String] = []
      guard let list = value.list else { throw .wrong(name, "a list of texts", value) }
      for item in list {
        guard let text = item.text else { throw .wrong(name, "a list of texts", item) }
        texts.append(text)
      }
      section[keyPath: path] = texts
    }
  }
}

extension SettingError {
  /// The usual message: what was wanted, what was found.
  public static func wrong(_ key: String, _ wanted: String, _ value: SettingValue) -> SettingError {
    let found = value.text.map { "\"\($0)\"" } ?? value.number.map { "\($0)" } ?? value.kind
    return SettingError("\(key) must be \(wanted), not \(found)", at: value)
  }
}
