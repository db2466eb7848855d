import Bytes

/// One row of lm-eval's `results` table.
public struct HarnessTask: Sendable {
  public let name: String
  /// `metric,filter` and value, in order.
  public let metrics: [(name: String, value: Double)]
  public let shots: Int
  /// Items the task has, and items that were asked.
  public let items: Int
  public let used: Int
}

extension HarnessTask {
  /// Whether more is better, for each metric without its filter.
  static func directions(_ metrics: [String]) -> [JSONMember] {
    var members: [JSONMember] = []
    for metric in metrics {
      let name = String(metric.prefix { $0 != "," })
      if name.hasSuffix("_stderr") || members.contains(where: { $0.name == name }) { continue }
      members.append(JSONMember(name, .bool(!name.contains("perplexity") && name != "bits_per_byte")))
    }
    return members
  }

  /// A share and its error as lm-eval names them: `acc,none` and `acc_stderr,none`.
  static func metrics(_ metric: String, _ filter: String, _ accuracy: Accuracy) -> [(name: String, value: Double)] {
    var list = [(name: "\(metric),\(filter)", value: accuracy.value)]
    if let error = accuracy.standardError { list.append((name: "\(metric)_stderr,\(filter)", value: error)) }
    return list
  }
}
