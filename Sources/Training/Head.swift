import Bytes
import Posix

/// Where a lineage left another: the checkpoint it started from.
public struct Fork: Equatable, Sendable {
  public let lineage: Int
  public let from: CheckpointReference
  /// Steps and blocks of the checkpoint it started from.
  public let step: Int
  public let block: Int

  public init(lineage: Int, from: CheckpointReference, step: Int, block: Int) {
    self.lineage = lineage
    self.from = from
    self.step = step
    self.block = block
  }
}

/// `HEAD.json`: the one place that says where the run is. What it names is what a restart goes on from.
public struct Head: Equatable, Sendable {
  public static let file: Path = "HEAD.json"
  public static let previousFile: Path = "HEAD.prev.json"

  public var lineage: Int
  public var checkpoint: CheckpointReference
  public var step: Int
  public var tokens: Int
  public var block: Int
  public var window: Int
  /// Epoch of the trainer's lease that wrote it.
  public var epoch: Int
  /// How the present lineage came about, oldest first; empty on lineage 0.
  public var forks: [Fork]

  public init(
    lineage: Int, checkpoint: CheckpointReference, position: TrainingPosition, epoch: Int, forks: [Fork] = []
  ) {
    self.lineage = lineage
    self.checkpoint = checkpoint
    step = position.step
    tokens = position.tokens
    block = position.block
    window = position.window
    self.epoch = epoch
    self.forks = forks
  }

  public var json: JSONValue {
    let forks = forks.map { fork in
      JSONValue.object([
        "lineage": .integer(fork.lineage), "from": .string(fork.from.text), "step": .integer(fork.step),
        "block": .integer(fork.block),
      ])
    }
    return .object([
      "schema": .integer(1), "lineage": .integer(lineage), "checkpoint": .string(checkpoint.text),
      "step": .integer(step), "tokens": .integer(tokens), "block": .integer(block), "window": .integer(window),
      "epoch": .integer(epoch), "forks": .array(forks),
    ])
  }

  init?(_ json: JSONValue) {
    guard json["schema"]?.integer == 1, let lineage = json["lineage"]?.integer,
      let checkpoint = json["checkpoint"]?.string.flatMap(CheckpointReference.init), let step = json["step"]?.integer,
      let tokens = json["tokens"]?.integer, let block = json["block"]?.integer, let window = json["window"]?.integer
    else { return nil }
    self.lineage = lineage
    self.checkpoint = checkpoint
    self.step = step
    self.tokens = tokens
    self.block = block
    self.window = window
    epoch = json["epoch"]?.integer ?? 0
    forks = (json["forks"]?.array ?? []).compactMap { fork in
      guard let lineage = fork["lineage"]?.integer, let from = fork["from"]?.string.flatMap(CheckpointReference.init),
        let step = fork["step"]?.integer, let block = fork["block"]?.integer
      else { return nil }
      return Fork(lineage: lineage, from: from, step: step, block: block)
    }
  }

  /// nil when there is none yet.
  /// - Throws: `Failure` when the file is there but cannot be read.
  public static func read(in run: Directory) throws(Failure) -> Head? {
    let bytes: [UInt8]?
    do throws(SystemError) { bytes = try run.readIfThere(file, limit: 1 << 24) } catch {
      throw Failure(path: run.path / file, cause: error)
    }
    guard let bytes else { return nil }
    guard let json = try? JSONParser.parse(bytes), let head = Head(json) else {
      throw Failure(path: run.path / file, cause: nil)
    }
    return head
  }

  public struct Failure: Error, CustomStringConvertible {
    let path: Path
    /// The failed system call, when that was the reason: then the file may be right.
    public let cause: SystemError?
    public var description: String {
      if let cause { return "\(cause)" }
      return "\(path) cannot be read as a head; it says where the run is, so nothing is guessed. Look at it, or copy "
        + "\(Head.previousFile) over it to go on from the checkpoint before"
    }
  }

  /// Replaces the file; on the disk when this returns. The one before stays as HEAD.prev.json.
  public func write(in run: Directory) throws(SystemError) {
    if let before = try run.readIfThere(Head.file, limit: 1 << 24) {
      try run.replaceFile(Head.previousFile, with: before)
    }
    try run.replaceFile(Head.file, with: JSONWriter.pretty(json))
  }

  /// Whether a checkpoint lies on the way to this head: on its lineage, or on an earlier one before the fork.
  public func isHistory(_ reference: CheckpointReference, step: Int) -> Bool {
    var current = lineage
    var limit = Int.max
    while true {
      if reference.lineage == current { return step <= limit }
      guard let fork = forks.last(where: { $0.lineage == current }) else { return false }
      limit = min(limit, fork.step)
      current = fork.from.lineage
    }
  }
}
