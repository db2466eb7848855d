import Bytes
import Evaluation
import Suites
import Training

/// One published result, as trends and the scheduler need it.
struct ResultRecord {
  /// What a result answers; two results are never published for one key.
  struct Key: Hashable {
    /// `g0001-part-00010`
    let label: String
    /// `ppl-zh`
    let stem: String
    let sha256: String
  }

  let key: Key
  let lineage: Int
  let step: Int
  let tokens: Int
  /// Scores by dotted name, in the order of the file: `channels.zh.bits_per_byte`.
  let scores: [(name: String, value: Double)]

  /// nil when the file is no result of ours.
  init?(_ json: JSONValue, label: String) {
    guard let kind = json["kind"]?.string, let suite = json["suite"]?.string, let sha256 = json["suite_sha256"]?.string,
      let lineage = json["lineage"]?.integer, let step = json["step"]?.integer, let tokens = json["tokens"]?.integer,
      let scores = json["scores"]
    else { return nil }
    key = Key(label: label, stem: "\(kind)-\(suite)", sha256: sha256)
    self.lineage = lineage
    self.step = step
    self.tokens = tokens
    self.scores = ResultRecord.flattened(scores, prefix: "")
  }

  private static func flattened(_ value: JSONValue, prefix: String) -> [(name: String, value: Double)] {
    if let number = value.number { return [(prefix, number)] }
    return (value.members ?? []).flatMap { member in
      flattened(member.value, prefix: prefix.isEmpty ? member.name : "\(prefix).\(member.name)")
    }
  }
}

/// The content of a result file. Holds no clock and no host: computed again it is the same, byte for byte.
struct ResultFile {
  let candidate: Candidate
  let suite: Suite
  let model: LoadedModel
  let context: EvaluationContext
  let scores: SuiteScores
  let detailsName: String

  var json: JSONValue {
    let record = candidate.record
    let config = JSONValue.object([
      "model": .string("native"), "model_args": .string("checkpoint=\(record.reference.text)"),
      "model_num_parameters": .integer(model.model.shape.parameterCount), "model_dtype": .string("float32"),
      "limit": context.maxItems == 0 ? .null : .integer(context.maxItems),
    ])
    let members = [
      JSONMember("schema", .integer(1)), JSONMember("kind", .string(suite.kind.rawValue)),
      JSONMember("suite", .string(suite.name)), JSONMember("suite_sha256", .string(suite.sha256)),
      JSONMember("model", .string(model.name)), JSONMember("checkpoint", .string(record.reference.text)),
      JSONMember("lineage", .integer(record.reference.lineage)), JSONMember("step", .integer(record.position.step)),
      JSONMember("tokens", .integer(record.position.tokens)),
      JSONMember("tokenizer_sha256", .string(record.tokenizer)), JSONMember("details", .string(detailsName)),
      JSONMember("scores", scores.scores),
    ]
    let harness = [
      JSONMember("config", config), JSONMember("model_name", .string(model.name)),
      JSONMember("model_source", .string("pretraind")), JSONMember("max_length", .integer(context.contextLength)),
    ]
    return .object(members + scores.harnessMembers + harness)
  }
}
