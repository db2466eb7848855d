import TextModels

/// Shingle sets of documents compared lately, within a budget of memory.
///
/// Two generations: what is used moves to the young one; when that is full the old one goes and young becomes old.
struct ShingleCache {
  private var young: [UInt32: ShingleSet] = [:]
  private var old: [UInt32: ShingleSet] = [:]
  private var held = 0
  private let budget: Int

  /// - Parameter megabytes: of both generations together.
  init(megabytes: Int) { budget = megabytes * 1_000_000 / 16 }

  mutating func get(_ ordinal: UInt32, make: () -> ShingleSet?) -> ShingleSet? {
    if let set = young[ordinal] { return set }
    guard let set = old.removeValue(forKey: ordinal) ?? make() else { return nil }
    held += set.hashes.count
    if held > budget {
      old = young
      young = [:]
      held = set.hashes.count
    }
    young[ordinal] = set
    return set
  }
}
