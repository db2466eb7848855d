import Bytes
import CKernels
import Suites
import TextModels

/// The item of a suite that a document holds.
public struct Contamination: Equatable, Sendable {
  /// Places in the index's sources and in the source's items.
  public let source: Int
  public let item: Int
  /// Distinct n-grams of the item that the document holds, of so many.
  public let ngrams: Int
  public let of: Int
}

/// The rule of DESIGN 4: one n-gram of a benchmark or probe is enough, of a ppl text a share of them; n-grams that are
/// common in the corpus say nothing.
public struct ContaminationRule: Sendable {
  public let index: SuiteIndex
  /// By entry.
  private let isCommon: [Bool]
  /// By item: its n-grams that are not common.
  private let ngrams: [Int]

  /// - Parameter common: hashes of n-grams that are not looked for.
  public init(_ index: SuiteIndex, common: Set<UInt64>) {
    self.index = index
    isCommon = common.isEmpty ? [] : index.entries.map { common.contains($0.hash) }
    var ngrams = index.items.map(\.ngrams)
    for (entry, common) in zip(index.entries, isCommon) where common { ngrams[Int(entry.item)] -= 1 }
    self.ngrams = ngrams
  }

  public func judge(_ text: [UInt8]) -> Contamination? { judge(index.search(text)) }

  /// Of the items that the document holds, the one with most n-grams, of those the first.
  /// - Parameter found: as `SuiteIndex.search` has it.
  public func judge(_ found: [Int32]) -> Contamination? {
    if found.isEmpty { return nil }
    var counts: [UInt32: Int] = [:]
    for entry in found where isCommon.isEmpty || !isCommon[Int(entry)] {
      counts[index.entries[Int(entry)].item, default: 0] += 1
    }
    let held = counts.filter { item, count in
      !index.items[Int(item)].isShared || Double(count) >= index.settings.pplShare * Double(ngrams[Int(item)])
    }
    guard let best = held.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
    let item = index.items[Int(best.key)]
    return Contamination(source: item.source, item: item.index, ngrams: best.value, of: ngrams[Int(best.key)])
  }
}

/// In how many documents each n-gram of the suites was found.
public struct NgramCounts: Sendable {
  public private(set) var documents = 0
  private var counts: [UInt64: Int] = [:]
  private var seen: Set<Identifier> = []

  public init() {}

  /// Counts a document; of those with one matching form the first alone, because copies of one leak make it no phrase.
  /// - Parameter key: equal for documents of one matching form.
  public mutating func add(_ found: [Int32], key: Identifier, in index: SuiteIndex) {
    documents += 1
    if found.isEmpty || !seen.insert(key).inserted { return }
    // One n-gram has an entry for each item that holds it, side by side.
    var last: UInt64?
    for entry in found where index.entries[Int(entry)].hash != last {
      last = index.entries[Int(entry)].hash
      counts[last!, default: 0] += 1
    }
  }

  /// N-grams that are common, with their documents.
  public func common(_ settings: DecontaminateSettings) -> [UInt64: Int] {
    let least = max(settings.commonShare * Double(documents), Double(settings.commonDocuments))
    return counts.filter { Double($0.value) > least }
  }
}

extension SuiteIndex {
  /// Those of some n-grams that a suite's items have.
  public func ngrams(of source: Int, among hashes: Set<UInt64>) -> Set<UInt64> {
    Set(entries.filter { hashes.contains($0.hash) && items[Int($0.item)].source == source }.map(\.hash))
  }

  /// The texts of n-grams, each as its first item has it; for people.
  public func texts(of hashes: Set<UInt64>) -> [UInt64: [UInt8]] {
    var texts: [UInt64: [UInt8]] = [:]
    let wanted = Set(entries.filter { hashes.contains($0.hash) }.map(\.item))
    for item in wanted.sorted() {
      let place = items[Int(item)]
      for text in sources[place.source].items[place.index].texts { collect(text, hashes, &texts) }
    }
    return texts
  }

  private func collect(_ text: [UInt8], _ hashes: Set<UInt64>, _ texts: inout [UInt64: [UInt8]]) {
    let (units, ranges) = MatchUnits.located(text)
    for window in NgramWindows(settings).windows(units) {
      let start = window.end - window.length
      let hash = units.withUnsafeBufferPointer { ck_match_hash($0.baseAddress! + start, window.length) }
      guard hashes.contains(hash), texts[hash] == nil else { continue }
      texts[hash] = Array(text[ranges[start].lowerBound..<ranges[window.end - 1].upperBound])
    }
  }
}
