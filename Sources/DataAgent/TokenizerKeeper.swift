import Bytes
import Documents
import Parallel
import Posix
import Spool
import Tokenization
import Tokens

/// Brings the tokenizer: the user's when one was dropped first, else one trained on the first clean text in document
/// order. Under existing blocks it never changes.
struct TokenizerKeeper {
  let state: AgentState
  let pool: WorkerPool
  static let file: Path = "tokenizer.json"

  /// Loads `tokenizer/tokenizer.json` when it is there; the first time, the journal remembers which it is.
  /// - Parameter known: the digest the journal holds; nil when no tokenizer was ever used.
  func load(known: String?) throws -> Bool {
    guard try state.layout.tokenizer.isThere(TokenizerKeeper.file) else {
      if let known {
        throw LoadedTokenizer.Unusable(
          description: "tokenizer/tokenizer.json (sha256 \(known)) is gone, but blocks were made with it: put it back")
      }
      return false
    }
    let json = try state.layout.tokenizer.read(TokenizerKeeper.file)
    let loaded = try LoadedTokenizer(json: json, pool: pool)
    if let known, known != loaded.digest {
      throw LoadedTokenizer.Unusable(
        description: "tokenizer/tokenizer.json was changed (sha256 \(loaded.digest), blocks were made with \(known)): "
          + "put the old one back, or start another spool")
    }
    if known == nil { try remember(loaded, trained: false) }
    try use(loaded)
    return true
  }

  private func remember(_ loaded: LoadedTokenizer, trained: Bool) throws(SystemError) {
    try state.journal.write(
      .object([
        "ev": .string("tokenizer"), "sha256": .string(loaded.digest), "trained": .bool(trained),
        "cut": .integer(state.table.count),
      ]))
  }

  private func use(_ loaded: LoadedTokenizer) throws {
    state.tokenizer = loaded
    try TokenFiles(state: state).ensureAll(loaded)
    for ordinal in 0..<state.table.count { state.offer(ordinal) }
  }

  /// Trains on the kept documents so far and publishes the result.
  func train(say: (String) -> Void) throws {
    let settings = state.settings.tokenize
    say("training a tokenizer of \(settings.vocabularySize) ids on \(state.cleanBytes / 1_000_000) MB of text")
    var sample = TrainingSample(settings, state.settings.vocabularyLists, pool: pool)
    for ordinal in 0..<state.table.count where state.table.state(ordinal) == .kept && !sample.isFull {
      try GivenUp.check("training the tokenizer")
      guard let text = state.text(of: ordinal) else { continue }
      sample.take(text, channel: state.settings.channels.name(state.table.channel(ordinal)))
    }
    let trained = try sample.train(settings, state.settings.vocabularyLists) {
      ServiceNotify.beat()
      return Signals.secondsSinceStop < GivenUp.patience
    }
    guard let trained else { throw GivenUp(work: "training the tokenizer") }
    for remark in trained.remarks { say("tokenizer: \(remark)") }
    let definition = trained.definition
    let json = definition.tokenizerJSON()
    try state.patience.wait { () throws(SystemError) in
      try state.layout.tokenizer.replaceFile(
        "tokenizer_config.json", with: definition.tokenizerConfigJSON(longestText: 1 << 20))
      try state.layout.tokenizer.replaceFile(TokenizerKeeper.file, with: json)
    }
    let loaded = try LoadedTokenizer(json: json, pool: pool)
    try remember(loaded, trained: true)
    try use(loaded)
  }
}
