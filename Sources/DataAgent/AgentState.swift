import Bytes
import Composition
import Deduplication
import Documents
import Phases
import Posix
import Spool
import Tokens

/// All that the agent knows: rebuilt from the journal and the batches at every start, changed only in document order.
final class AgentState {
  let settings: AgentSettings
  let layout: SpoolLayout
  let journal: JournalFile
  let patience: DiskPatience
  let corpus: Corpus
  var table = DocumentTable()
  var taken = ClaimHistory()
  /// Claims that are not finished, by sequence; finished ones leave only their source behind.
  var claims: [Int: Claim] {
    get { taken.open }
    _modify { yield &taken.open }
  }
  var claimSources: ClaimSources {
    get { taken.sources }
    _modify { yield &taken.sources }
  }
  var nextClaim: Int {
    get { taken.next }
    set { taken.next = newValue }
  }
  /// Records that are not read again, by what the journal says.
  var poison: [RecordKey: Poison] = [:]
  var counts: [String: SourceCounts] = [:]
  var ruleHits: [String: Int] = [:]
  /// Lines that rules took out, documents that rules flagged; since this process began.
  var lineHits: [String: Int] = [:]
  var flagHits: [String: Int] = [:]
  /// What rules removed, by channel and script.
  var watch = RuleWatch()
  /// Shares of rules that were told as out of proportion, by rule and group.
  var knownBias: [String: Double] = [:]
  var alarms: RuleAlarms?
  /// nil: no `score.command`.
  var scorer: CommandScorer?
  var tokenizer: LoadedTokenizer?
  /// What the journal says of suites, and the suites as they are looked for; nil while there are none.
  var suites = SuiteHistory()
  var sieve: Sieve?
  /// What the journal says of thresholds chosen for `dedupe.target_tokens`, and the targets.
  var thresholds = ThresholdHistory()
  let targets: [TokenTargets.Group]
  let deduplicator: Deduplicator
  let composer: Composer
  /// Parts of the mix that run dry.
  var dry = DryWatch()
  var nextBlock = 0
  /// Blocks with their revision, oldest first.
  var blocks: [PublishedBlock] = []
  /// Clean text so far, for the tokenizer's sample.
  var cleanBytes = 0
  /// The block whose work was begun but whose manifest was not there at the start.
  var unfinishedBlock: BlockIntent?
  /// The highest revision of each block number that the journal ever named: no pair of the two is used again.
  var revisions: [Int: Int] = [:]
  /// Texts of documents of the batch in the making.
  var freshTexts: [Int: [UInt8]] = [:]
  var freshSketches: [Int: DocumentSketch] = [:]

  init(settings: AgentSettings, layout: SpoolLayout, journal: JournalFile, patience: DiskPatience) {
    self.settings = settings
    self.patience = patience
    self.layout = layout
    self.journal = journal
    corpus = Corpus(layout.corpus)
    targets = settings.dedupe.enabled ? settings.dedupe.targetTokens.groups(settings.channels) : []
    composer = Composer(
      settings: settings.compose, channels: settings.channels.names, genres: Genre.allCases.map(\.name),
      mostUses: settings.phases.phases.map(\.maxUses).max() ?? 0)
    let lookup = Lookup()
    deduplicator = Deduplicator(settings: settings.dedupe, channels: settings.channels, earlier: lookup.documents)
    lookup.state = self
    // Until they are chosen everything but equal texts stays.
    for group in targets { deduplicator.use(1, for: group.channels) }
  }

  /// What the deduplicator asks through: it exists before the state does.
  private final class Lookup {
    unowned var state: AgentState!

    var documents: EarlierDocuments {
      EarlierDocuments(
        text: { self.state.text(of: Int($0)) }, sketch: { self.state.sketch(of: Int($0)) },
        names: { self.state.table.names(of: Int($0)) })
    }
  }

  /// An alert that was told or let through: not told again until it has grown.
  func noteBias(_ alert: BiasAlert) throws {
    knownBias[alert.rule + " " + alert.group.key] = alert.share
    try journal.write(
      .object([
        "ev": .string("bias"), "rule": .string(alert.rule), "group": .string(alert.group.key),
        "share": .number(alert.share),
      ]))
  }

  /// The text of any document, the newest included.
  func text(of ordinal: Int) -> [UInt8]? {
    if let fresh = freshTexts[ordinal] { return fresh }
    return try? corpus.text(table.place(of: ordinal))
  }

  /// The sketch of any document that took part in the deduplication.
  func sketch(of ordinal: Int) -> DocumentSketch? {
    if let fresh = freshSketches[ordinal] { return fresh }
    guard let bytes = try? corpus.record(table.place(of: ordinal)), DocumentRecord.outcome(bytes) == .kept else {
      return nil
    }
    return DocumentSketch(DocumentRecord.sketch(bytes))
  }

  func source(of ordinal: Int) -> String { claimSources[table.claim(ordinal)]?.source ?? "default" }

  /// Documents that hold an item of a suite.
  var contaminated: Int { counts.values.reduce(0) { $0 + $1.contaminated } }

  /// The phase of the next block; nil when the schedule has ended.
  var nextPhase: Phase? {
    settings.phases.phase(forBlock: nextBlock, blockTokens: settings.compose.blockTokens)?.phase
  }

  /// True when the documents up to here fill the next block.
  var canCompose: Bool {
    guard tokenizer != nil, isThresholdSettled, let phase = nextPhase else { return false }
    return composer.canCompose(phase, number: nextBlock)
  }

  /// True when they fill it once parts of the mix that ran dry leave their share to the others.
  var canRebalance: Bool {
    guard tokenizer != nil, isThresholdSettled, let phase = nextPhase else { return false }
    return composer.canRebalance(phase, number: nextBlock)
  }

  /// Moves a document to another state, with all that hangs on it.
  func change(_ ordinal: Int, to state: DocumentState) {
    let old = table.state(ordinal)
    if old == state { return }
    let source = source(of: ordinal)
    counts[source, default: SourceCounts()].add(old, -1)
    counts[source, default: SourceCounts()].add(state, 1)
    table.set(ordinal, state)
    if old == .kept { composer.remove(UInt32(ordinal)) }
    if state == .kept { offer(ordinal, uses: Int(table.uses[ordinal])) }
  }

  /// Puts a kept and tokenized document where blocks are drawn from.
  /// - Parameter uses: published blocks that hold it, where the composer is not told of all of them later.
  func offer(_ ordinal: Int, uses: Int = 0) {
    guard tokenizer != nil, table.state(ordinal) == .kept else { return }
    if table.tokens[ordinal] == 0 { table.tokens[ordinal] = UInt32(encodeLate(ordinal).count) }
    let row = table.row(ordinal)
    composer.add(
      Supply(
        ordinal: UInt32(ordinal), channel: row.channel, tokens: Int(table.tokens[ordinal]), score: row.score,
        uses: uses, maxUses: claimSources[Int(row.claim)]?.maxUses ?? 0, key: row.id,
        start: uses > 0 ? tail(of: ordinal) : 0, source: source(of: ordinal), genre: table.genre(ordinal).rawValue,
        // Else the deduplication leaves one of equal texts.
        cluster: settings.dedupe.enabled ? 0 : table.textID(ordinal).high))
  }

  /// Tokens of a document that became kept after its batch was tokenized.
  func encodeLate(_ ordinal: Int) -> [Int32] {
    guard let tokenizer, let text = text(of: ordinal) else { return [] }
    return tokenizer.encode(text)
  }
}
