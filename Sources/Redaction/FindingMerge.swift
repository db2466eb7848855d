/// Findings of two passes as one list in order, none overlapping another.
enum FindingMerge {
  /// Adds what does not overlap a finding that is there.
  static func fill(_ findings: [Finding], with others: [Finding]) -> [Finding] {
    if others.isEmpty { return findings }
    var merged: [Finding] = []
    merged.reserveCapacity(findings.count + others.count)
    var next = 0
    for other in others {
      while next < findings.count, findings[next].end <= other.start {
        merged.append(findings[next])
        next += 1
      }
      if next < findings.count, findings[next].start < other.end { continue }
      merged.append(other)
    }
    return merged + findings[next...]
  }

  /// Adds all of `others`, in place of what they overlap; those that overlap each other become one.
  static func overlay(_ findings: [Finding], with others: [Finding]) -> [Finding] {
    var joined: [Finding] = []
    for other in others.sorted(by: { $0.start < $1.start }) {
      if let last = joined.last, other.start <= last.end {
        joined[joined.count - 1] = Finding(
          kind: last.kind, start: last.start, end: max(last.end, other.end), key: last.key)
      } else {
        joined.append(other)
      }
    }
    return fill(joined, with: findings)
  }
}
