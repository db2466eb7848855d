import Bytes

/// The `pre_tokenizer` and the `decoder` of a `tokenizer.json`, read and written.
enum PreTokenizerFile {
  private static let part = "pre_tokenizer"

  /// The rules that cut the words of a model over bytes.
  static func pattern(_ value: JSONValue) throws(TokenizerError) -> SplitPattern {
    var found: [SplitPattern.Step] = []
    let items = value["type"]?.string == "Sequence" ? value["pretokenizers"]?.array ?? [] : [value]
    let place = { (index: Int) in value["type"]?.string == "Sequence" ? "\(part).pretokenizers[\(index)]" : part }
    guard let last = items.last, last["type"]?.string == "ByteLevel" else {
      throw .unsupported(part: part, reason: "must be ByteLevel or a Sequence that ends with it")
    }
    for (index, item) in items.dropLast().enumerated() { found.append(try step(item, place(index))) }
    if last["add_prefix_space"]?.bool ?? true {
      throw .unsupported(part: place(items.count - 1) + ".add_prefix_space", reason: "must be false")
    }
    let cuts = last["use_regex"]?.bool ?? true
    if let known = SplitPattern.allCases.first(where: { $0.steps == found && $0.byteLevelCuts == cuts }) {
      return known
    }
    let names = SplitPattern.allCases.map(\.rawValue).joined(separator: ", ")
    if let index = found.firstIndex(where: { step in !SplitPattern.allCases.contains { $0.steps.contains(step) } }) {
      throw .unsupported(part: place(index) + ".pattern", reason: "only the expressions of \(names) are known")
    }
    throw .unsupported(part: part, reason: "only the sequences of \(names) are known")
  }

  private static func step(_ value: JSONValue, _ part: String) throws(TokenizerError) -> SplitPattern.Step {
    switch value["type"]?.string {
    case "Digits" where value["individual_digits"]?.bool == true: return .digits
    case "Split":
      guard value["behavior"]?.string == "Isolated", value["invert"]?.bool != true else {
        throw .unsupported(part: part, reason: "behavior must be Isolated and invert false")
      }
      guard let expression = value["pattern"]?["Regex"]?.bytes else {
        throw .unsupported(part: part + ".pattern", reason: "must be {\"Regex\": text}")
      }
      return .split(SplitPattern.canonical(expression))
    case let type:
      throw .unsupported(
        part: part, reason: "\(type ?? "without type"); Split, Digits (individual) and ByteLevel are known")
    }
  }

  static func json(_ definition: TokenizerDefinition) -> JSONValue {
    if let characters = definition.characters { return characters.metaspace.map(json) ?? .null }
    let pattern = definition.pattern
    let bytes = byteLevel(useRegex: pattern.byteLevelCuts)
    let steps: [JSONValue] = pattern.steps.map { step in
      switch step {
      case .digits: .object(["type": .string("Digits"), "individual_digits": .bool(true)])
      case .split(let expression):
        .object([
          "type": .string("Split"), "pattern": .object(["Regex": .string(expression)]),
          "behavior": .string("Isolated"), "invert": .bool(false),
        ])
      }
    }
    return steps.isEmpty ? bytes : .object(["type": .string("Sequence"), "pretokenizers": .array(steps + [bytes])])
  }

  static func byteLevel(useRegex: Bool) -> JSONValue {
    .object([
      "type": .string("ByteLevel"), "add_prefix_space": .bool(false), "trim_offsets": .bool(true),
      "use_regex": .bool(useRegex),
    ])
  }
}

/// The same of a model over characters.
extension PreTokenizerFile {
  static func metaspace(
    _ value: JSONValue?, _ normalizer: [NormalizerStep]
  ) throws(TokenizerError) -> CharacterModel.Metaspace? {
    guard let value, !value.isNull else { return nil }
    // Gemma's: behind its normalizer no space is left to cut at.
    if value["type"]?.string == "Split", value["pattern"]?["String"]?.string == " ",
      normalizer.last == .replace([0x20], by: CharacterModel.mark)
    {
      return nil
    }
    guard value["type"]?.string == "Metaspace" else {
      throw .unsupported(part: part, reason: "with byte_fallback it must be null or Metaspace")
    }
    guard value["replacement"]?.bytes ?? CharacterModel.mark == CharacterModel.mark else {
      throw .unsupported(part: part + ".replacement", reason: "must be U+2581")
    }
    // Files of older versions have add_prefix_space instead.
    let old: CharacterModel.Prefix = value["add_prefix_space"]?.bool == false ? .never : .always
    let scheme = value["prepend_scheme"]?.string
    guard let prefix = scheme.map({ CharacterModel.Prefix(rawValue: $0) }) ?? old else {
      throw .unsupported(part: part + ".prepend_scheme", reason: "\(scheme ?? ""); always, first and never are known")
    }
    return CharacterModel.Metaspace(prefix: prefix, splits: value["split"]?.bool ?? true)
  }

  fileprivate static func json(_ metaspace: CharacterModel.Metaspace) -> JSONValue {
    .object([
      "type": .string("Metaspace"), "replacement": .text(CharacterModel.mark),
      "prepend_scheme": .string(metaspace.prefix.rawValue), "split": .bool(metaspace.splits),
    ])
  }
}

/// The `decoder`.
enum DecoderFile {
  static func checkBytes(_ value: JSONValue?) throws(TokenizerError) {
    let type = value?["type"]?.string
    guard type == "ByteLevel" else {
      throw .unsupported(part: "decoder", reason: "\(type ?? "none"); only ByteLevel gives back every byte")
    }
  }

  /// Of a model over characters: whether the first space is dropped.
  static func dropsFirstSpace(_ value: JSONValue?) throws(TokenizerError) -> Bool {
    var drops = false
    var bytes = false
    var spaces = false
    for (index, step) in (value?["decoders"]?.array ?? []).enumerated() {
      switch step["type"]?.string {
      case "ByteFallback": bytes = true
      case "Fuse": continue
      case "Replace"
      where step["pattern"]?["String"]?.bytes == CharacterModel.mark && step["content"]?.string == " ":
        spaces = true
      case "Strip" where step["content"]?.string == " " && step["start"]?.integer == 1 && step["stop"]?.integer == 0:
        drops = true
      case "Metaspace":
        spaces = true
        drops = step["prepend_scheme"]?.string != "never" && step["add_prefix_space"]?.bool != false
      case let type:
        throw .unsupported(part: "decoder.decoders[\(index)]", reason: "\(type ?? "without type")")
      }
    }
    guard bytes, spaces else {
      throw .unsupported(part: "decoder", reason: "must be a Sequence with ByteFallback and Replace of U+2581")
    }
    return drops
  }

  static func json(_ definition: TokenizerDefinition) -> JSONValue {
    guard let characters = definition.characters else { return PreTokenizerFile.byteLevel(useRegex: true) }
    var steps: [JSONValue] = [
      .object([
        "type": .string("Replace"), "pattern": .object(["String": .text(CharacterModel.mark)]),
        "content": .string(" "),
      ]), .object(["type": .string("ByteFallback")]), .object(["type": .string("Fuse")]),
    ]
    if characters.dropsFirstSpace {
      steps.append(
        .object([
          "type": .string("Strip"), "content": .string(" "), "start": .integer(1), "stop": .integer(0),
        ]))
    }
    return .object(["type": .string("Sequence"), "decoders": .array(steps)])
  }
}
