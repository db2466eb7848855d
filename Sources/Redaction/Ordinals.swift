/// Ordinals per kind in order of first appearance, so that one value has one placeholder within a document.
struct Ordinals {
  private var known: [UInt64: Int] = [:]
  private var counts = [Int](repeating: 0, count: RedactionKind.allCases.count)

  mutating func ordinal(_ found: Finding) -> Int {
    let kind = Int(found.kind.rawValue)
    let key = found.key &* 31 &+ UInt64(kind)
    if let old = known[key] { return old }
    counts[kind] += 1
    known[key] = counts[kind]
    return counts[kind]
  }
}

/// A placeholder's form with `{type}` and `{n}` taken apart.
struct PlaceholderForm: Sendable {
  private enum Part: Sendable { case text([UInt8]), type, ordinal }

  private let parts: [Part]

  init(_ form: String) {
    var parts: [Part] = []
    var rest = Array(form.utf8)[...]
    var plain: [UInt8] = []
    while let byte = rest.first {
      if rest.starts(with: "{type}".utf8) {
        parts += [.text(plain), .type]
        rest = rest.dropFirst(6)
        plain = []
      } else if rest.starts(with: "{n}".utf8) {
        parts += [.text(plain), .ordinal]
        rest = rest.dropFirst(3)
        plain = []
      } else {
        plain.append(byte)
        rest = rest.dropFirst()
      }
    }
    self.parts = parts + [.text(plain)]
  }

  func append(_ kind: RedactionKind, _ ordinal: Int, to text: inout [UInt8]) {
    for part in parts {
      switch part {
      case .text(let bytes): text += bytes
      case .type: text += kind.label.utf8
      case .ordinal: text += "\(ordinal)".utf8
      }
    }
  }
}
