import Blocks
import Bytes
import Posix

/// What the journal says of blocks: which are published, which is in the making, and which revisions were ever used.
/// Numbers and revisions are given here and nowhere else.
struct BlockHistory {
  /// Decided and not yet published.
  private(set) var intent: BlockIntent?
  /// In the order in which they were published.
  private(set) var published: [BlockIntent] = []
  /// The highest revision of each number that was ever decided, published or not.
  private(set) var revisions: [Int: Int] = [:]

  mutating func note(_ record: JSONValue) throws(InconsistentSpool) {
    switch record["ev"]?.string {
    case "block-intent":
      guard let new = BlockIntent(record) else { return }
      intent = new
      revisions[new.number] = max(revisions[new.number] ?? 0, new.revision)
    case "block":
      guard let intent, record["number"]?.integer == intent.number, record["revision"]?.integer == intent.revision
      else {
        throw InconsistentSpool(description: "journal: a block without an intent")
      }
      published.append(intent)
      self.intent = nil
    case "withdrawn":
      published.removeAll { $0.number == record["number"]?.integer && $0.revision == record["revision"]?.integer }
      // It was to follow a block that is no more.
      intent = nil
    default: break
    }
  }

  /// Published blocks whose manifest was renamed away, before the journal could say so.
  func hidden(in blocks: Directory) throws(SystemError) -> [BlockIntent] {
    var found: [BlockIntent] = []
    for intent in published where try BlockRemoval.isHidden(intent.name, in: blocks) { found.append(intent) }
    return found
  }

  /// Leaves a block out of what is compared with the manifests.
  mutating func forget(_ block: BlockIntent) { published.removeAll { $0 == block } }

  /// Manifests and journal name the same blocks.
  func check(_ blocks: Directory) throws {
    if let first = try complaints(blocks).first {
      throw InconsistentSpool(description: "\(blocks.path.parent / Path(first.path)): \(first.text)")
    }
  }

  struct Complaint {
    /// Relative to the spool.
    let path: String
    let text: String
    /// Else it is there and unknown.
    let isMissing: Bool
  }

  /// What no recovery can put right: published blocks without a manifest, manifests that the journal does not know.
  func complaints(_ blocks: Directory) throws -> [Complaint] {
    let known = Set(published.map(\.number))
    let there = Set(try BlockManifest.numbers(in: blocks))
    let missing = known.subtracting(there).sorted().map { number in
      Complaint(
        path: "blocks/\(BlockName.manifest(number))",
        text: "missing, but the journal says the block was published; restore it from a backup", isMissing: true)
    }
    let unknown = there.subtracting(known).filter { $0 != intent?.number }.sorted().map { number in
      Complaint(
        path: "blocks/\(BlockName.manifest(number))",
        text:
          "published, but the journal does not know it: the journal was cut or is older; restore the journal from a "
          + "backup, or move the block's files away to have it made again", isMissing: false)
    }
    return missing + unknown
  }
}
