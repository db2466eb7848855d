import Bytes
import Deduplication

/// What the journal says of thresholds that were chosen for `dedupe.target_tokens`. Before the first block a threshold
/// follows from the set of documents alone; blocks are cut only at milestones, which follow from their number.
struct ThresholdHistory: Equatable {
  /// One target's threshold.
  struct Choice: Equatable {
    /// A channel's name or `*`.
    let name: String
    /// Tokens that were wanted.
    let wanted: Int
    let threshold: Double
    /// Tokens that it left.
    let left: Int

    var json: JSONValue { .array([.string(name), .integer(wanted), .number(threshold), .integer(left)]) }

    init(name: String, wanted: Int, threshold: Double, left: Int) {
      self.name = name
      self.wanted = wanted
      self.threshold = threshold
      self.left = left
    }

    init?(_ json: JSONValue) {
      guard let parts = json.array, parts.count == 4, let name = parts[0].string, let wanted = parts[1].integer,
        let threshold = parts[2].number, let left = parts[3].integer
      else { return nil }
      self.init(name: name, wanted: wanted, threshold: threshold, left: left)
    }
  }

  private(set) var choices: [Choice] = []
  /// Documents when they were chosen; -1 = never.
  private(set) var cut = -1
  /// Documents at the last milestone; -1 = the targets were never reached.
  private(set) var milestone = -1
  /// Changes of state that no `thresholds` record has made true yet.
  private var open: [(ordinal: Int, state: DocumentState)] = []

  static func == (a: Self, b: Self) -> Bool {
    (a.choices, a.cut, a.milestone) == (b.choices, b.cut, b.milestone)
  }

  /// Documents at the next milestone: an eighth more, so that a growing corpus is judged again few times.
  var nextMilestone: Int { milestone < 0 ? .max : milestone + max(ThresholdHistory.leastStep, milestone / 8) }
  private static let leastStep = 1000

  /// True of a choice whose changes were not all written: it counts for nothing.
  var isOpen: Bool { !open.isEmpty }

  func threshold(of name: String) -> Double? { choices.first { $0.name == name }?.threshold }

  /// Whether these targets are those that thresholds were chosen for.
  func isFor(_ groups: [TokenTargets.Group]) -> Bool {
    choices.map(\.name) == groups.map(\.name) && choices.map(\.wanted) == groups.map(\.tokens)
  }

  // MARK: Records

  /// So many changes a record at most: a line stays short enough to be looked at.
  private static let entries = 1000

  /// The records of a choice; the last one makes the others true.
  static func records(
    _ choices: [Choice], cut: Int, milestone: Int, _ changes: [(ordinal: Int, state: DocumentState)]
  ) -> [JSONValue] {
    let parts = stride(from: 0, to: changes.count, by: entries).map { start -> JSONValue in
      let list = changes[start..<min(start + entries, changes.count)].map { change in
        JSONValue.array([
          .integer(change.ordinal), .integer(Int(change.state.code)), .integer(Int(change.state.other)),
        ])
      }
      return .object(["ev": .string("rejudged"), "from": .integer(start), "list": .array(list)])
    }
    return parts + [
      .object([
        "ev": .string("thresholds"), "cut": .integer(cut), "milestone": .integer(milestone),
        "changes": .integer(changes.count), "chosen": .array(choices.map(\.json)),
      ])
    ]
  }

  /// One record that replays to this; nil when nothing was ever chosen.
  var restated: JSONValue? {
    cut < 0 ? nil : ThresholdHistory.records(choices, cut: cut, milestone: milestone, []).last
  }

  /// Says that an unfinished choice counts for nothing.
  static let nothing = JSONValue.object([
    "ev": .string("rejudged"), "from": .integer(0), "list": .array([]),
  ])

  /// - Returns: changes of state that are true from here on.
  mutating func note(_ record: JSONValue) -> [(ordinal: Int, state: DocumentState)] {
    switch record["ev"]?.string {
    case "rejudged":
      // A death may have left the first parts of another choice.
      if record["from"]?.integer == 0 { open = [] }
      open += (record["list"]?.array ?? []).compactMap(DocumentState.change)
      return []
    case "thresholds":
      choices = (record["chosen"]?.array ?? []).compactMap { Choice($0) }
      cut = record["cut"]?.integer ?? -1
      milestone = record["milestone"]?.integer ?? -1
      defer { open = [] }
      return record["changes"]?.integer == open.count ? open : []
    default: return []
    }
  }
}
