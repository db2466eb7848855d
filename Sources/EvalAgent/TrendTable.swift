import Posix

/// `eval/trends/<kind>-<suite>.csv`: all results of a suite by tokens eaten, written anew from the results.
struct TrendTable {
  /// - Parameter records: the results of one suite, in any order.
  static func csv(_ records: [ResultRecord]) -> [UInt8] {
    let sorted = records.sorted {
      ($0.tokens, $0.lineage, $0.key.label, $0.key.sha256) < ($1.tokens, $1.lineage, $1.key.label, $1.key.sha256)
    }
    // Columns in the order in which the results have them; a channel that came later stands at the end.
    var columns: [String] = []
    var seen: Set<String> = []
    for record in sorted {
      for score in record.scores where seen.insert(score.name).inserted { columns.append(score.name) }
    }
    var text = row(["tokens", "lineage", "step", "checkpoint", "suite_sha256"] + columns)
    for record in sorted {
      let values = Dictionary(record.scores.map { ($0.name, $0.value) }) { first, _ in first }
      let head = [
        String(record.tokens), String(record.lineage), String(record.step), record.key.label,
        String(record.key.sha256.prefix(8)),
      ]
      text += row(head + columns.map { values[$0].map(number) ?? "" })
    }
    return Array(text.utf8)
  }

  private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? String(value) }

  /// RFC 4180: fields with commas, quotes or line ends in quotes, quotes doubled.
  private static func row(_ fields: [String]) -> String {
    fields.map { field in
      guard field.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return field }
      return "\"" + field.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
    }.joined(separator: ",") + "\n"
  }

  /// Brings the files of all suites (or of `only`) up to date; a file that is right already is left alone.
  static func write(_ records: some Sequence<ResultRecord>, only stem: String? = nil, to trends: Directory)
    throws(SystemError)
  {
    for (suite, list) in Dictionary(grouping: records, by: \.key.stem) where stem == nil || suite == stem {
      let name = Path(suite + ".csv")
      let bytes = csv(list)
      if (try? trends.read(name)) != bytes { try trends.replaceFile(name, with: bytes) }
    }
  }
}
