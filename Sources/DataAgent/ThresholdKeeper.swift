import Composition
import Deduplication
import Documents
import Index
import Posix
import Spool

/// Chooses the thresholds that leave `dedupe.target_tokens`: surveys the corpus, judges it again where a threshold
/// moved, tells the journal.
///
/// Until the first block is decided a threshold is a function of the set of documents, and a block is cut only at a
/// milestone: where the targets are reached for the first time, or so many documents later. What is chosen in between,
/// when there is nothing else to do, decides nothing but what is seen. After that thresholds follow the corpus at
/// milestones, in steps worth the work; documents in blocks stay.
final class ThresholdKeeper {
  /// After the first block a threshold moves by so much or not at all.
  private static let leastMove = 0.02
  /// Looks in between may take this share of the time.
  private static let idleShare = 0.05

  private let state: AgentState
  private let times: StageTimes
  private let say: (String) -> Void
  private let groups: [TokenTargets.Group]
  private var restUntil = 0.0

  init(_ state: AgentState, _ times: StageTimes, say: @escaping (String) -> Void) {
    self.state = state
    self.times = times
    self.say = say
    groups = state.targets
  }

  private var history: ThresholdHistory { state.thresholds }
  private var isBeforeBlocks: Bool { state.revisions.isEmpty }

  /// Chooses when the documents say so.
  /// - Returns: false when nothing is due.
  func chooseWhenDue() throws -> Bool {
    if groups.isEmpty { return false }
    if state.isThresholdDue {
      try choose(milestone: state.table.count)
      return true
    }
    guard history.cut >= 0, !history.isFor(groups) else { return false }
    say("dedupe.target_tokens is another one now")
    try choose(milestone: history.milestone)
    return true
  }

  /// Chooses for what there is, because nothing more comes for the moment.
  /// - Parameter isLast: the process ends after it.
  func chooseAtRest(isLast: Bool) throws -> Bool {
    guard !groups.isEmpty, isBeforeBlocks, history.milestone >= 0, history.cut != state.table.count else {
      return false
    }
    let start = Clock.monotonic()
    guard isLast || start >= restUntil else { return false }
    try choose(milestone: history.milestone)
    let now = Clock.monotonic()
    restUntil = now + (now - start) / Self.idleShare
    return true
  }

  /// A flush is a milestone: what there is has to do.
  func chooseForFlush() throws -> Bool {
    guard !groups.isEmpty, state.tokenizer != nil, isBeforeBlocks, history.milestone != state.table.count,
      state.table.count > 0
    else { return false }
    try choose(milestone: state.table.count)
    return true
  }

  private func choose(milestone: Int) throws {
    let start = Clock.monotonic()
    let choices = try times.measure("choose threshold") { try survey() }
    let moved = zip(groups, choices).filter { history.threshold(of: $0.name) ?? 1 != $1.threshold }
    for (group, choice) in zip(groups, choices) { state.deduplicator.use(choice.threshold, for: group.channels) }
    let channels = Set(moved.flatMap { $0.0.channels })
    let changes = times.measure("judge again") {
      channels.isEmpty ? [] : state.deduplicator.rejudge(channels) { ServiceNotify.beat() }
    }.map { (ordinal: Int($0.ordinal), state: DocumentState($0.state)) }
    for (ordinal, new) in changes { state.change(ordinal, to: new) }
    let records = ThresholdHistory.records(choices, cut: state.table.count, milestone: milestone, changes)
    try state.journal.write(records)
    for record in records { _ = state.thresholds.note(record) }
    for (group, choice) in moved {
      say(
        "dedupe: threshold \(choice.threshold) leaves \(choice.left) of \(group.tokens) wanted tokens of "
          + "\(group.name == TokenTargets.rest ? "all channels" : group.name), after \(state.table.count) documents; "
          + "\(changes.count) documents changed, \(Int(Clock.monotonic() - start)) s")
    }
  }

  private func survey() throws -> [ThresholdHistory.Choice] {
    let scratch = try SurveyFolder.make(state.layout)
    defer { SurveyFolder.remove(state.layout) }
    let counts = try state.deduplicator.survey(Set(groups.flatMap(\.channels)), open: SurveyFolder.opener(scratch)) {
      [state] ordinal in
      state.tokens(of: Int(ordinal))
    } progress: {
      ServiceNotify.beat()
      try GivenUp.check("choosing the threshold of duplicates")
    }
    return groups.map { group in
      var all = ThresholdCounts()
      for channel in group.channels { counts[channel].map { all.add($0) } }
      var index = all.lowest(leaving: group.tokens)
      if !isBeforeBlocks, let now = history.threshold(of: group.name).flatMap(ThresholdGrid.index),
        abs(ThresholdGrid.value(index) - ThresholdGrid.value(now)) < Self.leastMove - 1e-9
      {
        index = now
      }
      return ThresholdHistory.Choice(
        name: group.name, wanted: group.tokens, threshold: ThresholdGrid.value(index), left: all.tokens[index])
    }
  }
}

/// `state/survey/`: what a survey has no memory for. It is worth nothing to anybody else.
enum SurveyFolder {
  static let name: Path = "survey"

  static func make(_ layout: SpoolLayout) throws(SystemError) -> Directory {
    remove(layout)
    return try layout.state.make(name)
  }

  static func opener(_ folder: Directory) -> (BandStore) throws -> Void {
    { _ = try $0.open(RunFolder(folder, format: DocumentSketch.indexFormat) { _ in false }) }
  }

  static func remove(_ layout: SpoolLayout) { try? layout.state.removeAll(name) }
}

extension AgentState {
  /// A milestone is reached: a batch ends at this document and thresholds are chosen. It follows from the documents
  /// alone: before the first milestone every threshold is 1.
  var isThresholdDue: Bool {
    if targets.isEmpty || tokenizer == nil { return false }
    if thresholds.milestone >= 0 { return table.count >= thresholds.nextMilestone }
    return targetsMissing.allSatisfy { $0.missing <= 0 }
  }

  /// Tokens that are missing before the first milestone, by target.
  var targetsMissing: [(name: String, missing: Int)] {
    let drawable = composer.drawable
    return targets.map { group in (group.name, group.tokens - group.channels.reduce(0) { $0 + drawable[Int($1)] }) }
  }

  /// Whether a block may be cut here, as far as thresholds are concerned.
  var isThresholdSettled: Bool {
    targets.isEmpty || !revisions.isEmpty || thresholds.milestone == table.count
  }

  /// Tokens of any document that took part in the deduplication, with the end token.
  func tokens(of ordinal: Int) -> Int {
    if table.tokens[ordinal] == 0 { table.tokens[ordinal] = UInt32(encodeLate(ordinal).count) }
    return Int(table.tokens[ordinal])
  }
}
