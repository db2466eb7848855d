import Posix
import Spool

/// Files of batches that were begun and never published.
enum BatchLeftovers {
  /// - Parameter next: the number of the first batch that is not committed.
  static func names(_ corpus: Directory, next: Int) throws(SystemError) -> [Path] {
    let name = CorpusName(next)
    return try corpus.names().filter { entry in
      (entry.hasPrefix(".") && entry.hasSuffix(".tmp")) || entry == name.text || entry == name.records
    }
  }
}

/// Files in `claimed/` that belong to no open claim.
enum ClaimedLeftovers {
  enum Kind: Equatable {
    /// A copy that was not finished.
    case temporary
    /// Its claim is over: it was used, and its removal did not reach the disk.
    case used
    /// Bad lines of a claim that is over: they are renamed, not removed, so these are for a person to look at.
    case badLines
    /// A number that no record names.
    case unknown(Int)
  }

  static let unknownReason =
    "the journal does not know this number: it was cut or is older. The file stays; mv it into incoming/ to have it read"

  static func find(
    _ claimed: Directory, _ claims: ClaimHistory
  ) throws(SystemError) -> [(name: Path, kind: Kind)] {
    var found: [(name: Path, kind: Kind)] = []
    for name in try claimed.names() {
      if name.hasPrefix(".") {
        found.append((name, .temporary))
        continue
      }
      guard let sequence = Int("\(name)".prefix { $0 != "." }), claims.open[sequence] == nil else { continue }
      if claims.sources[sequence] == nil {
        found.append((name, .unknown(sequence)))
      } else if claims.ended[sequence] == nil {
        found.append((name, name == Claim.claimedName(sequence) ? .used : .badLines))
      }
    }
    return found
  }
}
