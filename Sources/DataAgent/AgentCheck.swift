import Blocks
import Bytes
import Posix
import Spool

/// What the agent's next start would find, without touching anything: the rows F, B, T, K, J, D and X of docs/SPOOL.md.
public struct AgentCheck {
  private let root: Directory
  private let isDeep: Bool
  private var findings = SpoolFindings()
  private var claims = ClaimHistory()
  private var blocks = BlockHistory()
  /// Documents of each batch, as the journal says.
  private var batches: [Int] = []
  /// Of those, how many a snapshot lists.
  private var listed = 0
  private var tokenizer: String?
  private var suites = SuiteHistory()
  private var thresholds = ThresholdHistory()
  private let decontaminates: Bool
  private let deduplicates: Bool

  /// - Parameters:
  ///   - isDeep: decompress every document and compare every digest.
  ///   - decontaminates: suites are looked for.
  ///   - deduplicates: duplicates are looked for.
  public init(_ root: Directory, isDeep: Bool, decontaminates: Bool = true, deduplicates: Bool = true) {
    self.decontaminates = decontaminates
    self.deduplicates = deduplicates
    self.root = root
    self.isDeep = isDeep
  }

  public mutating func run() throws -> SpoolFindings {
    guard let journal = folder("state/journal") else {
      findings.say("journal", "none yet")
      return findings
    }
    var fold = (claims, blocks, batches, tokenizer, suites, thresholds, listed)
    let isWhole = try JournalCheck.run(journal, &findings) { record in try AgentCheck.note(record, &fold) }
    (claims, blocks, batches, tokenizer, suites, thresholds, listed) = fold
    guard isWhole else { return findings }
    ThresholdCheck(root: root, history: thresholds).run(&findings)
    try checkBatches()
    try SealedCheck(root: root, listed: Array(batches[..<listed])).run(&findings)
    if deduplicates { try IndexCheck(root: root, batches: batches, isDeep: isDeep).run(&findings) }
    try checkTokenizer()
    try checkBlocks()
    try checkClaims()
    if decontaminates { try SuiteCheck(root: root, history: suites).run(&findings) }
    return findings
  }

  private func folder(_ name: Path) -> Directory? { try? root.open(name) }

  private static func note(
    _ record: JSONValue, _ fold: inout (ClaimHistory, BlockHistory, [Int], String?, SuiteHistory, ThresholdHistory, Int)
  ) throws {
    fold.0.note(record)
    fold.4.note(record)
    _ = fold.5.note(record)
    try fold.1.note(record)
    switch record["ev"]?.string {
    case "batch":
      fold.0.noteBatch(record)
      fold.2.append(record["count"]?.integer ?? 0)
    case "batches":
      fold.2 += (record["list"]?.array ?? []).compactMap(\.integer)
      fold.6 = fold.2.count
    case "tokenizer": fold.3 = record["sha256"]?.string
    default: break
    }
  }

  // MARK: Batches

  private mutating func checkBatches() throws {
    guard let corpus = folder("corpus") else { return }
    var documents = 0
    for (number, count) in batches.enumerated() {
      let name = CorpusName(number)
      if let damage = BatchCheck(name, count: count, in: corpus).damage(isDeep: isDeep) {
        findings.add("B4", .refused, "corpus/\(name.text)", damage)
      }
      documents += count
    }
    findings.say("corpus", "\(batches.count) batches, \(documents) documents\(isDeep ? ", every one read" : "")")
    var next = batches.count
    while corpus.exists(CorpusName(next).manifest) {
      findings.add("B1", .adopted, "corpus/\(CorpusName(next).manifest)", "published, not yet in the journal")
      next += 1
    }
    for name in try BatchLeftovers.names(corpus, next: next) {
      findings.add("B2", .removed, "corpus/\(name)", "of a batch that was not published; its documents are read again")
    }
    batches += [Int](repeating: 0, count: next - batches.count)
  }

  // MARK: Tokenizer

  private mutating func checkTokenizer() throws {
    let file = "tokenizer/tokenizer.json"
    let json = try? folder("tokenizer")?.read(TokenizerKeeper.file)
    let digest = json.map { Hex.encode(Digest.sha256($0)) }
    switch (tokenizer, digest) {
    case (nil, nil): findings.say("tokenizer", "none yet")
    case (nil, _): findings.add("T1", .adopted, file, "used from the next start on")
    case (let known?, nil):
      findings.add("T4", .refused, file, "gone, but blocks were made with it (sha256 \(known)): put it back")
    case (let known?, let found?) where known != found:
      findings.add(
        "T3", .refused, file, "changed: sha256 \(found), blocks were made with \(known); put the old one back")
    default: findings.say("tokenizer", "the one that was used before")
    }
    guard let digest, let corpus = folder("corpus") else { return }
    for number in batches.indices {
      let prefix = CorpusName(number).tokens(digest)
      if try TokenFile.exists(corpus, prefix: prefix) { continue }
      findings.add("B3", .remade, "corpus/\(prefix).bin", "the tokens of batch \(number) are encoded again")
    }
  }

  // MARK: Blocks

  private mutating func checkBlocks() throws {
    guard let folder = folder("blocks") else { return }
    var removable = try BlockRecovery.plan(folder)
    var remade: String?
    if let intent = blocks.intent {
      let path = "blocks/\(intent.name.manifest)"
      if folder.exists(intent.name.manifest) {
        findings.add("K2", .adopted, path, "published, not yet in the journal")
      } else {
        findings.add("K1", .remade, path, "decided and not published: composed again from the same documents")
        remade = intent.name.prefix
      }
    }
    try checkHidden(folder, &removable)
    for complaint in try blocks.complaints(folder) {
      findings.add(complaint.isMissing ? "K5" : "K6", .refused, complaint.path, complaint.text)
    }
    for removal in removable {
      let isRemade = remade.map { removal.name.contains("\($0).") } ?? false
      findings.add(isRemade ? "K1" : "K3", .removed, "blocks/\(removal.name)", removal.reason)
    }
    for intent in blocks.published { checkDraw(intent) }
    try checkUnknownDraws()
    verify(folder)
  }

  /// Manifests that were renamed away, and what the journal does not say of them yet.
  private mutating func checkHidden(_ folder: Directory, _ removable: inout [BlockRecovery.Removal]) throws {
    for intent in try blocks.hidden(in: folder) {
      let path = "blocks/\(intent.name.manifest)"
      if let claimed = try? BegunBlocks.through(root), claimed < intent.number {
        findings.add("K7", .adopted, path, "withdrawn, not yet in the journal")
        try blocks.note(BlockIntent.withdrawnRecord(intent.name))
      } else {
        findings.add("K10", .finished, path, "renamed away, but claimed by a trainer: it gets its name back")
        blocks.forget(intent)
        removable.removeAll { $0.name.hasPrefix("\(intent.name.prefix).") }
      }
    }
  }

  private mutating func checkDraw(_ intent: BlockIntent) {
    do {
      guard let draws = folder("state/draws") else { throw DrawFile.DrawDamage(path: DrawFile.name(intent)) }
      _ = try DrawFile.read(intent, in: draws)
    } catch {
      findings.add("K4", .refused, "state/draws/\(DrawFile.name(intent))", "\(error)")
    }
  }

  /// Draws of a number and revision that was never decided, as far as the journal knows.
  private mutating func checkUnknownDraws() throws {
    for name in try folder("state/draws")?.names() ?? [] where !name.hasPrefix(".") {
      if let (number, revision) = DrawFile.parts(name), revision <= blocks.revisions[number] ?? 0 { continue }
      findings.add("S2", .left, "state/draws/\(name)", "of no block that the journal knows")
    }
  }

  /// The bytes of every block that still has them.
  private mutating func verify(_ folder: Directory) {
    var tokens = 0
    for number in (try? BlockManifest.numbers(in: folder)) ?? [] {
      do throws(BlockError) {
        let manifest = try BlockManifest.read(folder, number)
        tokens += manifest.tokens
        if manifest.name.companions.allSatisfy({ !folder.exists($0) }) { continue }
        _ = try Block(folder, number: number).verify(tokenizerSHA256: tokenizer)
      } catch {
        findings.add("K9", .refused, "blocks/\(BlockName.manifest(number))", "\(error)")
      }
    }
    findings.say("blocks", "\(blocks.published.count) blocks, \(tokens) tokens")
  }

  // MARK: Claims

  private mutating func checkClaims() throws {
    findings.say("claims", "\(claims.open.count) open, \(claims.next - 1) ever")
    guard let claimed = folder("state/claimed"), let incoming = folder("incoming") else { return }
    for claim in claims.open.values.sorted(by: { $0.sequence < $1.sequence }) { note(claim, claimed, incoming) }
    for claim in claims.ended.values.sorted(by: { $0.sequence < $1.sequence }) { noteEnded(claim, claimed) }
    for (path, status) in claims.leftBehind.sorted(by: { $0.key < $1.key }) {
      guard let now = try? incoming.status(path), status.isSame(as: now) else { continue }
      findings.add(
        "F3", .left, "incoming/\(path)", "taken by copy, may not be removed; not taken again while it is the same")
    }
    for name in try incoming.names() where name.hasPrefix(EventWatcher.cookiePrefix) {
      findings.add("F20", .removed, "incoming/\(name)", "it was to prove that inotify tells of files")
    }
    for file in try ClaimedLeftovers.find(claimed, claims) {
      let path = "state/claimed/\(file.name)"
      switch file.kind {
      case .temporary: findings.add("F9", .removed, path, "a copy that was not finished")
      case .used: findings.add("F10", .removed, path, "it was used; its removal did not reach the disk")
      case .badLines: findings.add("F18", .left, path, "bad lines of a file that was used: look at them, then rm")
      case .unknown: findings.add("F11", .left, path, ClaimedLeftovers.unknownReason)
      }
    }
    if let state = folder("state") { findings.merge(SuspectsCheck(state, claims.open).look()) }
  }

  private mutating func note(_ claim: Claim, _ claimed: Directory, _ incoming: Directory) {
    let original = (try? incoming.status(claim.path)).map { claim.status.isSame(as: $0) } ?? false
    let dropped = "incoming/\(claim.path)"
    let path = "state/claimed/\(claim.claimedName)"
    if !claimed.exists(claim.claimedName) {
      if original {
        findings.add("F1", .finished, dropped, "claimed as number \(claim.sequence), moved at the next start")
      } else {
        findings.add(
          "F2", .finished, dropped, "claimed as number \(claim.sequence), gone or changed: void, nothing was read")
      }
      return
    }
    findings.add("F4", .goesOn, path, "\(claim.path): read on from byte \(claim.progress.offset)")
    if original { findings.add("F5", .removed, dropped, "the original of a copy that is claimed") }
    if let bad = try? claimed.status(claim.badLinesName), bad.size > claim.progress.badBytes {
      findings.add(
        "F8", .finished, "state/claimed/\(claim.badLinesName)", "cut to what was committed at the next bad line")
    }
  }

  private mutating func noteEnded(_ claim: Claim, _ claimed: Directory) {
    guard claimed.exists(claim.claimedName) || claimed.exists(claim.badLinesName) else { return }
    let path = "state/claimed/\(claim.claimedName)"
    if case .rejected = claim.progress.end {
      findings.add("F7", .finished, path, "\(claim.path): goes to rejected/ with its reason")
    } else {
      findings.add("F6", .finished, path, "\(claim.path): used to its end; bad lines published, the file removed")
    }
  }
}
