import Bytes

/// Where a run is: everything that, with the weights and the blocks, decides all that comes after.
public struct TrainingPosition: Equatable, Sendable {
  public var lineage = 0
  /// Optimizer steps taken on this lineage's history, refused ones included.
  public var step = 0
  /// Counted targets eaten.
  public var tokens = 0
  /// The block being eaten, or the next one when `window` is 0.
  public var block = 0
  /// Windows of it already eaten.
  public var window = 0
  /// Steps that were not finite and therefore not applied.
  public var refusedSteps = 0
  /// The phase of the last block begun and where it started: the learning rate is counted from there.
  public var phase = PhasePosition()

  public init() {}

  public struct PhasePosition: Equatable, Sendable {
    public var name = ""
    public var hash = ""
    public var startStep = 0
    public var startTokens = 0
    /// Tokens of the phase as planned; 0 while it has no end.
    public var length = 0

    public init() {}

    var json: JSONValue {
      .object([
        "name": .string(name), "hash": .string(hash), "start_step": .integer(startStep),
        "start_tokens": .integer(startTokens), "length": .integer(length),
      ])
    }

    init(_ json: JSONValue?) {
      name = json?["name"]?.string ?? ""
      hash = json?["hash"]?.string ?? ""
      startStep = json?["start_step"]?.integer ?? 0
      startTokens = json?["start_tokens"]?.integer ?? 0
      length = json?["length"]?.integer ?? 0
    }
  }

  var members: [JSONMember] {
    [
      JSONMember("lineage", .integer(lineage)), JSONMember("step", .integer(step)),
      JSONMember("tokens", .integer(tokens)),
      JSONMember("block", .integer(block)), JSONMember("window", .integer(window)),
      JSONMember("refused_steps", .integer(refusedSteps)), JSONMember("phase", phase.json),
    ]
  }

  init?(_ json: JSONValue) {
    guard let lineage = json["lineage"]?.integer, let step = json["step"]?.integer,
      let tokens = json["tokens"]?.integer,
      let block = json["block"]?.integer, let window = json["window"]?.integer
    else { return nil }
    self.lineage = lineage
    self.step = step
    self.tokens = tokens
    self.block = block
    self.window = window
    refusedSteps = json["refused_steps"]?.integer ?? 0
    phase = PhasePosition(json["phase"])
  }
}
