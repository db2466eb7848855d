import Bytes
import Glibc
import Training

/// How likely a target was after its prompt.
struct TargetScore: Equatable {
  /// ln p of all tokens of the target.
  let logProbability: Double
  /// Rank of the target's first token: 0 = greedy decoding would have begun so.
  let firstRank: Int
  let tokens: Int
  /// The prompt was longer than the model sees; its beginning was left out.
  let truncated: Bool

  var probability: Double { exp(logProbability) }
}

/// Probes added up; a suite has one of these, and one for each group.
struct ProbeTally {
  private var targets: [TargetScore] = []
  private(set) var texts = TextLoss()
  private(set) var comparisons = Accuracy()
  private(set) var comparisonsPerByte = Accuracy()

  mutating func add(_ target: TargetScore) { targets.append(target) }
  mutating func add(text: [UInt8], _ scores: [TokenScore]) { texts.add(text, scores) }

  mutating func add(_ comparison: ComparisonScore) {
    comparisons.add(comparison.isRight)
    comparisonsPerByte.add(comparison.isRightPerByte)
  }

  private func mean(_ value: (TargetScore) -> Double) -> Double {
    targets.reduce(0) { $0 + value($1) } / Double(max(targets.count, 1))
  }

  var scores: JSONValue {
    var members: [JSONMember] = []
    if !targets.isEmpty {
      members.append(
        JSONMember(
          "target",
          .object([
            "probability": .number(mean(\.probability)), "log_probability": .number(mean(\.logProbability)),
            "rank": .number(mean { Double($0.firstRank) }), "first": .number(firsts.value),
            "items": .integer(targets.count),
          ])))
    }
    if texts.texts > 0 { members.append(JSONMember("text", texts.scores)) }
    if comparisons.asked > 0 {
      var scores = comparisons.scores.members ?? []
      scores.append(JSONMember("accuracy_per_byte", .number(comparisonsPerByte.value)))
      members.append(JSONMember("comparison", .object(scores)))
    }
    return .object(members)
  }

  /// Targets whose first token was the likeliest of all.
  private var firsts: Accuracy {
    Accuracy(right: targets.count { $0.firstRank == 0 }, asked: targets.count)
  }

  var harnessMetrics: [(name: String, value: Double)] {
    var list: [(name: String, value: Double)] = []
    if comparisons.asked > 0 {
      list += HarnessTask.metrics("acc", "none", comparisons)
      list += HarnessTask.metrics("acc_norm", "none", comparisonsPerByte)
    }
    if !targets.isEmpty {
      list.append(("target_probability,none", mean(\.probability)))
      list.append(("target_log_probability,none", mean(\.logProbability)))
    }
    return texts.texts > 0 ? list + texts.harnessMetrics : list
  }
}

/// Which of two texts the model finds likelier: as wholes (as BLiMP asks), and by byte (fair to different lengths).
struct ComparisonScore: Equatable {
  let better: Double
  let worse: Double
  let betterBytes: Int
  let worseBytes: Int

  var isRight: Bool { better > worse }
  var isRightPerByte: Bool { better / Double(betterBytes) > worse / Double(worseBytes) }
}
