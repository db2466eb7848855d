import Bytes
import Posix
import Settings
import Spool
import Training

/// Going back: the target is fixed in the ledger before anything changes, HEAD.json is the moment it happens, and a new
/// lineage keeps what was left behind.
extension Trainer {
  func unsupportedRollback(_ request: ControlRequest) -> String? {
    for key in ["skip", "lr_scale", "reshuffle"] where request.arguments[key] != nil {
      return "this trainer does not take \(key)= yet; rollback takes to=part-00010, to=init, or nothing"
    }
    return nil
  }

  func rollback(_ request: ControlRequest) throws(TrainFailure) {
    if let plan = plan(of: request.sequence) {
      // Done by a process that died before it could answer.
      return try answer(request, .done, "back at \(plan.target.text)", checkpoint: plan.target)
    }
    guard model != nil else { return try answer(request, .rejected, "nothing was trained yet") }
    let target: CommitRecord
    switch try resolve(wanted(request)) {
    case .failure(let refusal): return try answer(request, .rejected, refusal.description)
    case .success(let found): target = found
    }
    let isIntact = try orFail { () throws(SystemError) in try store.isIntact(target) }
    guard isIntact else {
      return try answer(request, .rejected, "\(target.reference.text) is damaged; choose another with to=")
    }
    if isAtHead, head?.checkpoint == target.reference {
      return try answer(request, .done, "the run is there already", checkpoint: target.reference)
    }
    // From here on the target is fixed, whatever this process lives to see.
    try answer(request, .running, "to \(target.reference.text)", checkpoint: target.reference, durable: true)
    try show(.rollingBack)
    if !isAtHead, isFinite {
      try checkpoint(.save(step: position.step, sequence: request.sequence), .rollback, request: request.sequence)
    }
    let plan = RollbackPlan(
      request: request.sequence, from: position.lineage, lineage: position.lineage + 1, target: target.reference)
    try note(.rollbackPlanned, plan.members)
    try carryOut(plan)
    guard let head else { return }
    try load(head)
    try answer(
      request, .done, "back at \(plan.target.text), lineage \(CheckpointReference.folder(plan.lineage))",
      checkpoint: plan.target)
  }

  /// What the request means: what an earlier process had fixed, what it says, or what an empty one meant when it was
  /// taken; nil for an empty one that waited for its moment.
  private func wanted(_ request: ControlRequest) -> String? {
    if request.earlier?.state == .running, let fixed = request.earlier?.place.checkpoint { return fixed }
    if let to = request.arguments["to"] { return to }
    return request.arguments.at == nil ? request.frozen : nil
  }

  /// What an empty rollback means now; nil when there is nothing to go back to.
  var rollbackTarget: String? {
    guard model != nil, case .success(let target)? = try? resolve(nil) else { return nil }
    return target.reference.text
  }

  /// Moves HEAD to the target of a plan: the one step that makes it true.
  private func carryOut(_ plan: RollbackPlan) throws(TrainFailure) {
    guard let target = try orFail({ () throws(SystemError) in try store.record(plan.target) }) else {
      throw .data("\(plan.target.text), the target of a rollback, is gone; put it back")
    }
    var begun = target.position
    begun.lineage = plan.lineage
    let fork = Fork(lineage: plan.lineage, from: plan.target, step: begun.step, block: begun.block)
    let moved = Head(
      lineage: plan.lineage, checkpoint: plan.target, position: begun, epoch: lease.epoch,
      forks: (head?.forks ?? []) + [fork])
    try orFail { () throws(SystemError) in try moved.write(in: runFolder) }
    head = moved
    position = begun
    try note(.rollback, plan.members)
    try orFail { () throws(SystemError) in try store.pointLatest(at: plan.target) }
  }

  /// A plan that a dead process recorded and did not carry out.
  func finishRollback() throws(TrainFailure) {
    guard let json = ledger.last(.rollbackPlanned), let plan = RollbackPlan(json), let head else { return }
    if head.lineage < plan.lineage { return try carryOut(plan) }
    let isNoted = ledger.last(.rollback)?["new_lineage"]?.integer == plan.lineage
    if !isNoted { try note(.rollback, plan.members) }
  }

  private func plan(of request: Int) -> RollbackPlan? {
    ledger.records.lazy.filter { $0.kind == .rollbackPlanned }.compactMap { RollbackPlan($0.json) }
      .first { $0.request == request }
  }

  /// The checkpoint that `to=` means, now.
  private func resolve(_ wanted: String?) throws(TrainFailure) -> Result<CommitRecord, ControlRefusal> {
    let known = try history
    guard let wanted else {
      let block = position.window > 0 ? position.block - 1 : position.block - 2
      if block < -1 { return .failure(ControlRefusal("the run is at its beginning; there is nothing to go back to")) }
      return find(block < 0 ? .initial : .part(block), known)
    }
    if let reference = CheckpointReference(wanted) {
      guard let record = try orFail({ () throws(SystemError) in try store.record(reference) }) else {
        return .failure(absent(wanted, known))
      }
      return .success(record)
    }
    guard let name = CheckpointName(wanted) else {
      return .failure(
        ControlRefusal("to=\(wanted) must be init, part-00010, save-... or g0000/part-00010\(nearest(wanted, known))"))
    }
    return find(name, known)
  }

  /// On the way to HEAD: the newest lineage that has it.
  private func find(_ name: CheckpointName, _ history: [CommitRecord]) -> Result<CommitRecord, ControlRefusal> {
    if let found = history.last(where: { $0.reference.name == name }) { return .success(found) }
    return .failure(absent(name.text, history))
  }

  private var history: [CommitRecord] {
    get throws(TrainFailure) {
      guard let head else { return [] }
      return try records().filter { head.isHistory($0.reference, step: $0.position.step) }
    }
  }

  /// Every checkpoint of every lineage.
  func records() throws(TrainFailure) -> [CommitRecord] {
    try orFail { () throws(SystemError) in
      var found: [CommitRecord] = []
      for lineage in try store.lineages() { found += try store.list(lineage: lineage) }
      return found
    }
  }

  private func absent(_ wanted: String, _ history: [CommitRecord]) -> ControlRefusal {
    ControlRefusal(
      "there is no checkpoint \(wanted) on the way to \(head?.checkpoint.text ?? "here")\(nearest(wanted, history))")
  }

  private func nearest(_ wanted: String, _ history: [CommitRecord]) -> String {
    let names = history.map(\.reference.name.text)
    if case .part(let block) = CheckpointName(wanted) {
      let parts = history.compactMap { if case .part(let number) = $0.reference.name { number } else { nil } }
      if let near = parts.min(by: { abs($0 - block) < abs($1 - block) }) {
        return "; the nearest is \(CheckpointName.part(near).text)"
      }
    }
    return "; the nearest is \(Nearest.name(to: wanted, among: names) ?? names.last ?? "init")"
  }

  /// No weight is NaN or infinite.
  private var isFinite: Bool {
    guard let engine = model?.engine else { return false }
    return engine.shape.tensors.indices.allSatisfy { index in
      engine.withTensor(.weights, index) { values in values.allSatisfy { $0.isFinite } }
    }
  }
}

/// A rollback, fixed: which request, from which lineage, to which checkpoint, as which lineage.
struct RollbackPlan: Equatable {
  let request: Int
  let from: Int
  let lineage: Int
  let target: CheckpointReference

  init(request: Int, from: Int, lineage: Int, target: CheckpointReference) {
    self.request = request
    self.from = from
    self.lineage = lineage
    self.target = target
  }

  var members: [JSONMember] {
    [
      JSONMember("request", .integer(request)), JSONMember("from_lineage", .integer(from)),
      JSONMember("new_lineage", .integer(lineage)), JSONMember("target", .string(target.text)),
    ]
  }

  init?(_ json: JSONValue) {
    guard let request = json["request"]?.integer, let from = json["from_lineage"]?.integer,
      let lineage = json["new_lineage"]?.integer, let target = json["target"]?.string.flatMap(CheckpointReference.init)
    else { return nil }
    self.init(request: request, from: from, lineage: lineage, target: target)
  }
}
