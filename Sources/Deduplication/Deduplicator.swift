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
  private let settings: DedupeSettings
  private let maker: SketchMaker
  private let thresholds: ThresholdTable
  private let earlier: EarlierDocuments
  private var table: DocumentTable
  /// Where documents with a common band, or of one matching form, are found.
  public let index: BandStore
  private var cache: ShingleCache
  private var arriving: (ordinal: UInt32, text: [UInt8])?
  /// Pairs compared so far by their whole shingle sets.
  public private(set) var comparisons = 0

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
    table = DocumentTable(names: earlier.names)
    index = BandStore(megabytes: settings.indexMegabytes)
    maker = SketchMaker(settings)
    thresholds = ThresholdTable(settings, channels)
    cache = ShingleCache(megabytes: settings.cacheMegabytes)
  }

  /// Documents that stay, as of now.
  public var kept: OrdinalSet { table.kept }

  /// Indexes documents that the index has lost.
  public func indexAgain(_ ordinals: [UInt32]) {
    for ordinal in ordinals {
      if let sketch = sketch(of: ordinal) { enter(ordinal, sketch) }
    }
  }

  /// The state of a document inserted or restored.
  public func state(_ ordinal: UInt32) -> DuplicateState { table.state(ordinal) }

  /// Takes in a new document: its own state first, then every earlier document whose state changed.
  public func insert(_ candidate: Candidate, sketch: DocumentSketch, text: [UInt8]) -> [StateChange] {
    let ordinal = candidate.ordinal
    table.add(candidate)
    guard settings.enabled else {
      table.keep(ordinal)
      return [StateChange(ordinal: ordinal, state: .kept)]
    }
    arriving = (ordinal, text)
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
      let sketch =
        earlier.sketch(next.ordinal) ?? maker.sketch(set, channel: table[next.ordinal].channel)
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
    table.add(candidate)
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

  /// A document whose survivor was superseded.
  private struct Dependant {
    let ordinal: UInt32
    /// The document it was dropped for.
    let lost: UInt32
  }

  /// Decides one document against the kept ones. Returns whom the documents it supersedes had kept out: only they
  /// can change next, and all of them are worse than this one.
  private func settle(_ ordinal: UInt32, _ sketch: DocumentSketch, _ changed: inout [UInt32]) -> [Dependant] {
    let twin = twin(ordinal, sketch)
    if let twin, table.isBetter(twin, ordinal) {
      table.drop(ordinal, for: twin)
      return []
    }
    let near = candidates(ordinal, sketch, twin)
    let firstWorse = near.firstIndex { table.isBetter(ordinal, $0.ordinal) } ?? near.count
    for other in near[..<firstWorse] where isAlike(ordinal, other) {
      table.drop(ordinal, for: other.ordinal)
      return []
    }
    table.keep(ordinal)
    var dependants: [Dependant] = []
    for other in near[firstWorse...] where !table[other.ordinal].frozen && isAlike(ordinal, other) {
      leave(other.ordinal)
      dependants += table.takeDropped(by: other.ordinal).map { Dependant(ordinal: $0, lost: other.ordinal) }
      table.drop(other.ordinal, for: ordinal)
      changed.append(other.ordinal)
    }
    enter(ordinal, sketch)
    return dependants
  }

  /// The best kept document of the same matching form.
  private func twin(_ ordinal: UInt32, _ sketch: DocumentSketch) -> UInt32? {
    var best: UInt32?
    for (other, _) in index.sharing([sketch.exactIndexKey], atLeast: 1) where other != ordinal && table.isKept(other) {
      if best.map({ table.isBetter($0, other) }) == true { continue }
      if self.sketch(of: other)?.exactKey == sketch.exactKey { best = other }
    }
    return best
  }

  /// The sketch of an earlier document; nil when neither it nor its text is there.
  private func sketch(of ordinal: UInt32) -> DocumentSketch? {
    if let known = earlier.sketch(ordinal) { return known }
    return shingles(ordinal).map { maker.sketch($0, channel: table[ordinal].channel) }
  }

  private struct Near {
    let ordinal: UInt32
    let sharedBands: Int
    let isTwin: Bool
  }

  /// Kept documents that may be alike, best first.
  private func candidates(_ ordinal: UInt32, _ sketch: DocumentSketch, _ twin: UInt32?) -> [Near] {
    let own = table[ordinal]
    var near = twin.map { [Near(ordinal: $0, sharedBands: Sketch.bands, isTwin: true)] } ?? []
    for (other, shared) in index.sharing(sketch.bands, atLeast: 1) where other != twin && table.isKept(other) {
      if shared < thresholds.threshold(own.channel, own.genre, table[other].genre).commonBands { continue }
      near.append(Near(ordinal: other, sharedBands: shared, isTwin: false))
    }
    near.sort { table.isBetter($0.ordinal, $1.ordinal) }
    return near
  }

  /// Exact Jaccard similarity against the pair's threshold; estimated from the bands when a text is gone.
  private func isAlike(_ ordinal: UInt32, _ other: Near) -> Bool {
    if other.isTwin { return true }
    let own = table[ordinal]
    let threshold = thresholds.threshold(own.channel, own.genre, table[other.ordinal].genre).value
    guard let a = shingles(ordinal), let b = shingles(other.ordinal) else {
      return pow(Double(other.sharedBands) / Double(Sketch.bands), 1 / Double(Sketch.rows)) >= threshold
    }
    let (fewer, more) = (min(a.hashes.count, b.hashes.count), max(a.hashes.count, b.hashes.count))
    if Double(fewer) < threshold * Double(more) { return false }
    comparisons += 1
    return a.jaccard(b) >= threshold
  }

  private func shingles(_ ordinal: UInt32) -> ShingleSet? {
    let rule = SketchMaker.rule(table[ordinal].channel)
    return cache.get(ordinal) {
      let bytes = arriving?.ordinal == ordinal ? arriving?.text : earlier.text(ordinal)
      return bytes.map { ShingleSet($0, rule: rule) }
    }
  }

  private func enter(_ ordinal: UInt32, _ sketch: DocumentSketch) { index.add(ordinal, sketch.indexKeys) }

  /// Takes a superseded document out of the index. Where that is not possible its keys stay; look-ups pass over them,
  /// because they ask whether a document is kept.
  private func leave(_ ordinal: UInt32) {
    guard index.isYoung(ordinal), let sketch = sketch(of: ordinal) else { return }
    index.remove(ordinal, sketch.indexKeys)
  }
}
