import Bytes
import Documents
import Glibc
import Index
import TextModels

/// Decides which of the documents that are alike stays: the best, whenever it came.
///
/// A document is kept unless a better kept one is within the threshold. The survivors are those of going through all
/// documents from best to worst, whatever order they are inserted in, as long as none is frozen. Used by one thread.
public final class Deduplicator {
  let settings: DedupeSettings
  private let maker: SketchMaker
  var thresholds: ThresholdTable
  private let earlier: EarlierDocuments
  var table: DocumentTable
  /// Where documents with a common band, or of one matching form, are found.
  public let index: BandStore
  private var cache: ShingleCache
  private let scratch = ShingleScratch()
  private var arriving: Arriving?
  /// Pairs compared so far by their whole shingle sets.
  public private(set) var comparisons = 0
  /// Documents that were compared with fewer others than may be alike, because there were more than the settings allow.
  public private(set) var crowded = 0
  /// Told of every document that is dropped: which, for which, why.
  public var onDrop: ((UInt32, UInt32, Likeness) -> Void)?

  /// - Parameters:
  ///   - channels: the spool's, for the names in `dedupe.thresholds`.
  ///   - text: the text of an earlier document, nil when it is no longer there.
  public convenience init(
    settings: DedupeSettings, channels: ChannelTable = ChannelTable(), text: @escaping (UInt32) -> [UInt8]?
  ) {
    self.init(settings: settings, channels: channels, earlier: EarlierDocuments(text: text))
  }

  public init(settings: DedupeSettings, channels: ChannelTable = ChannelTable(), earlier: EarlierDocuments) {
    self.settings = settings
    self.earlier = earlier
    table = DocumentTable(names: earlier.names) { earlier.sketch($0)?.facts.addressKey ?? 0 }
    index = BandStore(megabytes: settings.indexMegabytes)
    maker = SketchMaker(settings)
    thresholds = ThresholdTable(settings, channels)
    cache = ShingleCache(megabytes: settings.cacheMegabytes)
    table.newestFirst = settings.url == "newest"
  }

  /// From which similarity on two documents count as duplicates.
  public func threshold(_ a: UInt32, _ b: UInt32) -> Double {
    thresholds.threshold(table[a].channel, table[a].genre, table[b].genre).value
  }

  /// Documents that stay, as of now.
  public var kept: OrdinalSet { table.kept }

  /// Indexes documents that the index has lost.
  public func indexAgain(_ ordinals: [UInt32]) {
    for ordinal in ordinals {
      if let sketch = sketch(of: ordinal) { enter(ordinal, sketch) }
    }
  }

  /// Whether of two documents that are alike the first is the one that stays.
  public func isBetter(_ a: UInt32, _ b: UInt32) -> Bool { table.isBetter(a, b) }

  /// The state of a document inserted or restored.
  public func state(_ ordinal: UInt32) -> DuplicateState { table.state(ordinal) }

  /// Takes in a new document: its own state first, then every earlier document whose state changed.
  ///
  /// - Parameters:
  ///   - text: nil: it is asked for like that of an earlier document, when it is to be compared.
  ///   - shingles: of the text, where somebody has them anyway.
  public func insert(
    _ candidate: Candidate, sketch: DocumentSketch, text: [UInt8]?, shingles: TextShingles? = nil
  ) -> [StateChange] {
    let ordinal = candidate.ordinal
    table.add(candidate, address: sketch.facts.addressKey)
    guard settings.enabled else {
      table.keep(ordinal)
      return [StateChange(ordinal: ordinal, state: .kept)]
    }
    arriving = Arriving(ordinal: ordinal, text: text, shingles: shingles)
    defer { arriving = nil }
    var changed = [ordinal]
    let waiting = settle(ordinal, sketch, &changed)
    settleAll(waiting, &changed)
    return changed.map { StateChange(ordinal: $0, state: table.state($0)) }
  }

  /// Takes a document out, as if it had never come: every other document whose state changed. It may be inserted again.
  public func remove(_ ordinal: UInt32) -> [StateChange] {
    guard table.holds(ordinal) else { return [] }
    var changed: [UInt32] = []
    if table.isKept(ordinal) {
      if settings.enabled { leave(ordinal) }
      let dependants = table.takeDropped(by: ordinal).map { Dependant(ordinal: $0, lost: ordinal) }
      table.remove(ordinal)
      settleAll(dependants, &changed)
    } else {
      table.remove(ordinal)
    }
    return changed.map { StateChange(ordinal: $0, state: table.state($0)) }
  }

  /// Judges again, the best first, documents whose survivor went, and those that they supersede.
  private func settleAll(_ dependants: [Dependant], _ changed: inout [UInt32]) {
    var waiting = dependants
    while !waiting.isEmpty {
      waiting.sort { table.isBetter($1.ordinal, $0.ordinal) }
      let next = waiting.removeLast()
      changed.append(next.ordinal)
      guard let set = shingles(next.ordinal) else {
        if !table.holds(next.lost) {
          table.keep(next.ordinal)
          continue
        }
        // Its text is gone, so it cannot be judged: it follows the document it was like to that one's survivor.
        table.drop(next.ordinal, for: table[next.lost].survivor)
        continue
      }
      let sketch = earlier.sketch(next.ordinal) ?? sketch(of: next.ordinal, set)
      waiting += settle(next.ordinal, sketch, &changed)
    }
  }

  /// These documents are in a published block: they rank first from now on and are never superseded.
  public func freeze(_ ordinals: [UInt32]) {
    for ordinal in ordinals where table.holds(ordinal) { table.freeze(ordinal) }
  }

  /// These documents, and no others, are in published blocks: after one was withdrawn. Nothing is judged again for it.
  public func refreeze(_ ordinals: [UInt32]) {
    table.thaw()
    freeze(ordinals)
  }

  /// Takes in a document with the state it had, without comparing: for the start of the process, in any order.
  /// - Parameter sketch: not needed of one that is not kept, or that the index holds.
  public func restore(_ candidate: Candidate, sketch: @autoclosure () -> DocumentSketch?, state: DuplicateState) {
    table.add(candidate, address: nil)
    switch state {
    case .kept:
      table.keep(candidate.ordinal)
      if settings.enabled, !index.holds(candidate.ordinal), let sketch = sketch() { enter(candidate.ordinal, sketch) }
    case .duplicate(let survivor): table.drop(candidate.ordinal, for: survivor)
    case .superseded(let survivor):
      table.markKeptOnce(candidate.ordinal)
      table.drop(candidate.ordinal, for: survivor)
    }
  }

  /// The document that is inserted just now.
  private struct Arriving {
    let ordinal: UInt32
    let text: [UInt8]?
    let shingles: TextShingles?
  }

  /// A document whose survivor was superseded.
  struct Dependant {
    let ordinal: UInt32
    /// The document it was dropped for.
    let lost: UInt32
  }

  /// Decides one document against the kept ones. Returns whom the documents it supersedes had kept out: only they
  /// can change next, and all of them are worse than this one.
  func settle(_ ordinal: UInt32, _ sketch: DocumentSketch, _ changed: inout [UInt32]) -> [Dependant] {
    let twins = twins(ordinal, sketch)
    if let (twin, likeness) = twins.first, table.isBetter(twin, ordinal) {
      drop(ordinal, for: twin, likeness)
      return []
    }
    let near = candidates(ordinal, sketch, twins)
    let firstWorse = near.firstIndex { table.isBetter(ordinal, $0.ordinal) } ?? near.count
    for other in near[..<firstWorse] {
      guard let likeness = likeness(ordinal, other) else { continue }
      drop(ordinal, for: other.ordinal, likeness)
      return []
    }
    table.keep(ordinal)
    var dependants: [Dependant] = []
    for other in near[firstWorse...] where !table[other.ordinal].frozen {
      guard let likeness = likeness(ordinal, other) else { continue }
      leave(other.ordinal)
      dependants += table.takeDropped(by: other.ordinal).map { Dependant(ordinal: $0, lost: other.ordinal) }
      drop(other.ordinal, for: ordinal, likeness)
      changed.append(other.ordinal)
    }
    enter(ordinal, sketch)
    return dependants
  }

  private func drop(_ ordinal: UInt32, for survivor: UInt32, _ likeness: Likeness) {
    table.drop(ordinal, for: survivor)
    onDrop?(ordinal, survivor, likeness)
  }

  /// Kept documents that are this one without a look at the shingles: one matching form, one URL. Best first.
  private func twins(_ ordinal: UInt32, _ sketch: DocumentSketch) -> [(ordinal: UInt32, likeness: Likeness)] {
    var twins: [(ordinal: UInt32, likeness: Likeness)] = []
    for (other, _) in index.sharing(twinKeys(sketch), atLeast: 1) where other != ordinal && table.isKept(other) {
      if let likeness = twinLikeness(sketch, other) { twins.append((other, likeness)) }
    }
    return twins.sorted { table.isBetter($0.ordinal, $1.ordinal) }
  }

  func twinKeys(_ sketch: DocumentSketch) -> [UInt64] {
    settings.url == "off" ? [sketch.exactIndexKey] : sketch.twinKeys
  }

  /// nil when it is none.
  func twinLikeness(_ sketch: DocumentSketch, _ other: UInt32) -> Likeness? {
    guard let theirs = self.sketch(of: other) else { return nil }
    if theirs.exactKey == sketch.exactKey { return .exact }
    return settings.url != "off" && sketch.facts.isSamePage(theirs.facts) ? .address : nil
  }

  /// The sketch of an earlier document; nil when neither it nor its text is there.
  func sketch(of ordinal: UInt32) -> DocumentSketch? {
    if let known = earlier.sketch(ordinal) { return known }
    return shingles(ordinal).map { sketch(of: ordinal, $0) }
  }

  private struct Near {
    let ordinal: UInt32
    let sharedBands: Int
    /// Known already of a twin.
    let likeness: Likeness?
  }

  /// Kept documents that may be alike, best first.
  private func candidates(
    _ ordinal: UInt32, _ sketch: DocumentSketch, _ twins: [(ordinal: UInt32, likeness: Likeness)]
  ) -> [Near] {
    let own = table[ordinal]
    var near = twins.map { Near(ordinal: $0.ordinal, sharedBands: Sketch.bands, likeness: $0.likeness) }
    for (other, shared) in index.sharing(sketch.bands, atLeast: 1) where table.isKept(other) {
      if twins.contains(where: { $0.ordinal == other }) { continue }
      if shared < thresholds.threshold(own.channel, own.genre, table[other].genre).commonBands { continue }
      near.append(Near(ordinal: other, sharedBands: shared, likeness: nil))
    }
    if near.count > settings.mostCandidates {
      // A template of which thousands of pages are kept. What has most in common is most likely alike.
      crowded += 1
      near.sort { a, b in
        a.sharedBands == b.sharedBands ? table.isBetter(a.ordinal, b.ordinal) : a.sharedBands > b.sharedBands
      }
      near.removeLast(near.count - settings.mostCandidates)
    }
    near.sort { table.isBetter($0.ordinal, $1.ordinal) }
    return near
  }

  /// Exact Jaccard similarity against the pair's threshold, nil below it; estimated from the bands when a text is gone.
  private func likeness(_ ordinal: UInt32, _ other: Near) -> Likeness? {
    if let known = other.likeness { return known }
    let own = table[ordinal]
    let threshold = thresholds.threshold(own.channel, own.genre, table[other.ordinal].genre).value
    return similarity(ordinal, other.ordinal, sharedBands: other.sharedBands, atLeast: threshold).map { .near($0) }
  }

  /// nil below the threshold.
  func similarity(_ ordinal: UInt32, _ other: UInt32, sharedBands: Int, atLeast threshold: Double) -> Double? {
    guard let a = shingles(ordinal), let b = shingles(other) else {
      let estimate = pow(Double(sharedBands) / Double(Sketch.bands), 1 / Double(Sketch.rows))
      return estimate >= threshold ? estimate : nil
    }
    let (fewer, more) = (min(a.hashes.count, b.hashes.count), max(a.hashes.count, b.hashes.count))
    if Double(fewer) < threshold * Double(more) { return nil }
    comparisons += 1
    return a.jaccard(b, atLeast: threshold)
  }

  /// The same made again: it knows nothing of a URL.
  private func sketch(of ordinal: UInt32, _ set: ShingleSet) -> DocumentSketch {
    maker.sketch(set, channel: table[ordinal].channel, facts: DocumentFacts(date: Int(table[ordinal].date)))
  }

  private func shingles(_ ordinal: UInt32) -> ShingleSet? {
    let rule = SketchMaker.rule(table[ordinal].channel)
    return cache.get(ordinal) {
      let own = arriving?.ordinal == ordinal ? arriving : nil
      if let list = own?.shingles ?? earlier.shingles(ordinal) { return ShingleSet(list, scratch: scratch) }
      let bytes = own?.text ?? earlier.text(ordinal)
      return bytes.map { ShingleSet(ShingleList($0, rule: rule), scratch: scratch) }
    }
  }

  private func enter(_ ordinal: UInt32, _ sketch: DocumentSketch) { index.add(ordinal, sketch.indexKeys) }

  /// Takes a superseded document out of the index. Where that is not possible its keys stay; look-ups pass over them,
  /// because they ask whether a document is kept.
  func leave(_ ordinal: UInt32) {
    guard index.isYoung(ordinal), let sketch = sketch(of: ordinal) else { return }
    index.remove(ordinal, sketch.indexKeys)
  }
}
