import Bytes

/// The `normalizer` of a `tokenizer.json`, read and written.
enum NormalizerFile {
  /// The steps; what is not known is refused by name.
  static func steps(_ value: JSONValue?, _ part: String = "normalizer") throws(TokenizerError) -> [NormalizerStep] {
    guard let value, !value.isNull else { return [] }
    switch value["type"]?.string {
    case "NFC": return [.composed]
    case "Prepend":
      guard let bytes = value["prepend"]?.bytes, !bytes.isEmpty else {
        throw .inconsistent(part: part + ".prepend", reason: "must be text")
      }
      return [.prepend(bytes)]
    case "Replace":
      guard let old = value["pattern"]?["String"]?.bytes, let new = value["content"]?.bytes, !old.isEmpty else {
        throw .unsupported(part: part + ".pattern", reason: "only {\"String\": text} is known, not empty")
      }
      return [.replace(old, by: new)]
    case "Sequence":
      var all: [NormalizerStep] = []
      for (index, item) in (value["normalizers"]?.array ?? []).enumerated() {
        all += try steps(item, "\(part).normalizers[\(index)]")
      }
      return all
    case let type:
      throw .unsupported(
        part: part, reason: "\(type ?? "without type"); NFC, Prepend, Replace and Sequence of these are known")
    }
  }

  static func json(_ steps: [NormalizerStep]) -> JSONValue {
    let items = steps.map(json)
    if items.count == 1 { return items[0] }
    return items.isEmpty ? .null : .object(["type": .string("Sequence"), "normalizers": .array(items)])
  }

  private static func json(_ step: NormalizerStep) -> JSONValue {
    switch step {
    case .composed: .object(["type": .string("NFC")])
    case .prepend(let bytes): .object(["type": .string("Prepend"), "prepend": .text(bytes)])
    case .replace(let old, let new):
      .object(["type": .string("Replace"), "pattern": .object(["String": .text(old)]), "content": .text(new)])
    }
  }
}
