import Bytes

/// `COMMIT.json`: written last, so that a checkpoint with one is whole; says what the weights are.
public struct CommitRecord: Equatable, Sendable {
  public static let schema = 1

  public enum Reason: String, Sendable {
    case initial = "init"
    case block, save, automatic, rollback, stop
  }

  public var reference: CheckpointReference
  public var position: TrainingPosition
  /// AdamW's step count.
  public var appliedSteps: Int
  public var reason: Reason
  /// Number of the sentinel that asked for it.
  public var request: Int?
  public var engine: String
  /// SHA-256 of the tokenizer.json inside.
  public var tokenizer: String
  public var seed: Int
  /// Epoch of the trainer's lease.
  public var epoch: Int
  public var files: [FileRecord]

  public init(
    reference: CheckpointReference, position: TrainingPosition, appliedSteps: Int, reason: Reason, request: Int? = nil,
    engine: String, tokenizer: String, seed: Int, epoch: Int, files: [FileRecord] = []
  ) {
    self.reference = reference
    self.position = position
    self.appliedSteps = appliedSteps
    self.reason = reason
    self.request = request
    self.engine = engine
    self.tokenizer = tokenizer
    self.seed = seed
    self.epoch = epoch
    self.files = files
  }

  public func json(time: String) -> JSONValue {
    var members = [
      JSONMember("schema", .integer(CommitRecord.schema)), JSONMember("checkpoint", .string(reference.text)),
    ]
    members += position.members
    members += [
      JSONMember("applied_steps", .integer(appliedSteps)), JSONMember("reason", .string(reason.rawValue)),
      JSONMember("request", request.map { .integer($0) } ?? .null), JSONMember("engine", .string(engine)),
      JSONMember("tokenizer_sha256", .string(tokenizer)), JSONMember("seed", .integer(seed)),
      JSONMember("epoch", .integer(epoch)), JSONMember("time", .string(time)),
      JSONMember("files", .array(files.map(\.json))),
    ]
    return .object(members)
  }

  /// nil when the file is none of ours or of a later schema.
  public init?(_ json: JSONValue) {
    guard json["schema"]?.integer == CommitRecord.schema,
      let reference = json["checkpoint"]?.string.flatMap(CheckpointReference.init),
      let position = TrainingPosition(json), let appliedSteps = json["applied_steps"]?.integer,
      let reason = json["reason"]?.string.flatMap(Reason.init(rawValue:)), let list = json["files"]?.array
    else { return nil }
    let files = list.compactMap { FileRecord($0) }
    guard files.count == list.count else { return nil }
    self.init(
      reference: reference, position: position, appliedSteps: appliedSteps, reason: reason,
      request: json["request"]?.integer, engine: json["engine"]?.string ?? "",
      tokenizer: json["tokenizer_sha256"]?.string ?? "", seed: json["seed"]?.integer ?? 0,
      epoch: json["epoch"]?.integer ?? 0, files: files)
  }
}
