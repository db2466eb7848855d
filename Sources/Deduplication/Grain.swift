/// What repeated pieces of texts are looked for as.
public enum Grain: String, CaseIterable, Sendable {
  case line, paragraph
  /// Three in a row, as C4 takes them: one alone may be anybody's.
  case sentence

  /// Pieces in a row that count as one.
  var together: Int { self == .sentence ? 3 : 1 }
}
