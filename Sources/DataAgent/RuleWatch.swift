import Bytes
import Documents
import Filtering

/// Counts what rules remove, by channel and script, so that a rule that hits nothing, too much, or one kind of text
/// out of proportion is noticed. Rebuilt from the batches at every start.
struct RuleWatch {
  enum Script: String, CaseIterable { case han, latin, other }

  struct Group: Hashable, Comparable {
    let channel: UInt8
    let script: Script

    static func < (a: Group, b: Group) -> Bool {
      (a.channel, a.script.rawValue) < (b.channel, b.script.rawValue)
    }

    /// The script by what was measured: Chinese with English in it counts as Chinese.
    init(_ channel: Channel, _ signals: Signals) {
      self.init(channel, hanShare: signals[.hanShare], otherScriptShare: signals[.otherScriptShare])
    }

    init(_ channel: Channel, hanShare: Float, otherScriptShare: Float) {
      self.channel = channel.index
      script = hanShare > 0.2 ? .han : otherScriptShare > 0.3 ? .other : .latin
    }

    init?(_ text: String) {
      let parts = text.split(separator: "/")
      guard parts.count == 2, let channel = UInt8(parts[0]), let script = Script(rawValue: String(parts[1])) else {
        return nil
      }
      (self.channel, self.script) = (channel, script)
    }

    var key: String { "\(channel)/\(script.rawValue)" }
  }

  private(set) var documents: [Group: Int] = [:]
  private(set) var removed: [String: [Group: Int]] = [:]

  init() {}

  mutating func note(_ group: Group, rule: String?) {
    documents[group, default: 0] += 1
    if let rule { removed[rule, default: [:]][group, default: 0] += 1 }
  }

  var total: Int { documents.values.reduce(0, +) }
  func removed(by rule: String) -> Int { removed[rule]?.values.reduce(0, +) ?? 0 }

  /// Documents of the channels that the rule is asked about, whatever their genre.
  func asked(_ rule: Rule) -> Int {
    documents.reduce(0) { $0 + (rule.applies(to: Channel($1.key.channel)) ? $1.value : 0) }
  }

  var json: JSONValue {
    .object([
      "documents": RuleWatch.json(documents),
      "removed": .object(removed.sorted { $0.key < $1.key }.map { JSONMember($0.key, RuleWatch.json($0.value)) }),
    ])
  }

  init(_ json: JSONValue?) {
    documents = RuleWatch.counts(json?["documents"])
    for member in json?["removed"]?.members ?? [] { removed[member.name] = RuleWatch.counts(member.value) }
  }

  private static func json(_ counts: [Group: Int]) -> JSONValue {
    .object(counts.sorted { $0.key < $1.key }.map { JSONMember($0.key.key, .integer($0.value)) })
  }

  private static func counts(_ json: JSONValue?) -> [Group: Int] {
    var counts: [Group: Int] = [:]
    for member in json?.members ?? [] {
      if let group = Group(member.name) { counts[group] = member.value.integer }
    }
    return counts
  }
}
