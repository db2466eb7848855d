/// How a classifier did: accuracy, precision and recall by class, who was taken for whom.
struct ClassifierReport {
  private let labels: [String]
  private let judged: [String]
  /// How often a document of the best class stands above one of the worst (area under the curve).
  var ranking: Double?

  init(labels: [String], judged: [String]) {
    self.labels = labels
    self.judged = judged
  }

  var accuracy: Double {
    Double(zip(labels, judged).count { $0 == $1 }) / Double(max(1, labels.count))
  }

  /// Places of the documents that were judged wrongly.
  var wrong: [(place: Int, judged: String)] {
    labels.indices.filter { labels[$0] != judged[$0] }.map { ($0, judged[$0]) }
  }

  /// The share of pairs in which the higher one is above, ties counted half.
  static func ranking(_ high: [Float], over low: [Float]) -> Double? {
    if high.isEmpty || low.isEmpty { return nil }
    let sorted = low.sorted()
    var above = 0.0
    for margin in high {
      let below = ClassifierReport.count(sorted) { $0 < margin }
      let notAbove = ClassifierReport.count(sorted) { $0 <= margin }
      above += Double(below + notAbove) / 2
    }
    return above / (Double(high.count) * Double(low.count))
  }

  /// How many of a sorted list hold, when those that hold come first.
  private static func count(_ sorted: [Float], _ holds: (Float) -> Bool) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  var text: String {
    let names = Set(labels + judged).sorted()
    var lines = ["accuracy \(ClassifierReport.percent(accuracy)) of \(labels.count) documents never learnt from"]
    if let ranking {
      lines.append("ranking \(ClassifierReport.percent(ranking)) of pairs of the best and the worst class")
    }
    lines.append(ClassifierReport.row(["class", "documents", "precision", "recall"] + names.map { "as " + $0 }))
    for name in names {
      let own = zip(labels, judged).filter { $0.0 == name }.map(\.1)
      let right = own.count { $0 == name }
      let taken = judged.count { $0 == name }
      let shares = [(right, taken), (right, own.count)].map { part, whole in
        whole == 0 ? "-" : ClassifierReport.percent(Double(part) / Double(whole))
      }
      lines.append(
        ClassifierReport.row([name, "\(own.count)"] + shares + names.map { other in "\(own.count { $0 == other })" }))
    }
    return lines.joined(separator: "\n")
  }

  private static func row(_ cells: [String]) -> String {
    cells.enumerated().map { place, cell in
      let width = place == 0 ? 14 : 11
      let space = String(repeating: " ", count: max(1, width - cell.count))
      return place == 0 ? cell + space : space + cell
    }.joined()
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 10_000).rounded())
    let rest = tenths % 100
    return "\(tenths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }
}
