/// The known name most like a misspelt one.
public enum Nearest {
  public static func name(to wrong: String, among known: [String]) -> String? {
    let scored = known.map { (distance(Array(wrong.utf8), Array($0.utf8)), $0) }
    guard let best = scored.min(by: { $0.0 < $1.0 }) else { return nil }
    return best.0 <= max(2, wrong.utf8.count / 2) ? best.1 : nil
  }

  static func unknown(_ kind: String, _ wrong: String, among known: [String], at value: SettingValue?) -> SettingError {
    let hint =
      name(to: wrong, among: known).map { "; did you mean '\($0)'?" } ?? "; known: " + known.joined(separator: ", ")
    return SettingError("unknown \(kind) '\(wrong)'\(hint)", at: value)
  }

  /// Levenshtein distance, transposition of neighbours counted once.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 1...a.count {
      for j in 1...b.count {
        let change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        rows[i][j] = min(change, rows[i - 1][j] + 1, rows[i][j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        }
      }
    }
    return rows[a.count][b.count]
  }
}
