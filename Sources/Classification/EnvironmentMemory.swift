import Documents

/// LaTeX environments that are no prose.
enum CarvedEnvironment {
  static let all: [(name: StaticString, kind: Segment.Kind)] = [
    ("equation", .math), ("align", .math), ("gather", .math), ("multline", .math), ("eqnarray", .math),
    ("displaymath", .math), ("alignat", .math), ("flalign", .math), ("aligned", .math), ("split", .math),
    ("array", .math), ("matrix", .math), ("pmatrix", .math), ("bmatrix", .math), ("cases", .math), ("math", .math),
    ("equation*", .math), ("align*", .math), ("gather*", .math), ("multline*", .math), ("eqnarray*", .math),
    ("alignat*", .math), ("flalign*", .math), ("lstlisting", .code), ("verbatim", .code), ("verbatim*", .code),
    ("minted", .code), ("tikzpicture", .code), ("chunk", .code), ("tabular", .table), ("tabular*", .table),
    ("tabularx", .table), ("longtable", .table),
  ]
}

/// Up to which offset the end of each environment, and of `\[` and `$$`, was searched in vain.
struct EnvironmentMemory {
  /// Longer ones are taken for a mistake of their writer.
  static let longest = 65_536
  static let bracket = CarvedEnvironment.all.count
  static let dollars = bracket + 1
  private var vain: [Int] = []

  func isHopeless(_ kind: Int, at place: Int) -> Bool { !vain.isEmpty && place < vain[kind] }

  mutating func giveUp(_ kind: Int, to place: Int) {
    if vain.isEmpty { vain = [Int](repeating: 0, count: EnvironmentMemory.dollars + 1) }
    vain[kind] = place
  }
}
