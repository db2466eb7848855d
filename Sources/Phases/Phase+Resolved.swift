import Bytes

/// A manifest's phase that cannot be used.
public struct PhaseError: Error, Equatable, Sendable, CustomStringConvertible {
  public let reason: String
  public var description: String { "phase: " + reason }
}

/// The phase as it is frozen into a block's manifest.
extension Phase {
  /// All fields, and `hash`: SHA-256 (hex) of the compact JSON of the others in this order, channels sorted by name.
  public var resolved: JSONValue {
    .object([JSONMember("name", .string(name)), JSONMember("hash", .string(hash))] + fields(mix).dropFirst())
  }

  public var hash: String {
    let sorted = mix.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    return Digest.hex(Digest.sha256(JSONWriter.compact(.object(fields(sorted)))))
  }

  private func fields(_ mix: [MixEntry]) -> [JSONMember] {
    let shares = mix.map { entry in
      switch entry.share {
      case .all: JSONMember(entry.name, .string("all"))
      case .weight(let weight): JSONMember(entry.name, Phase.json(weight))
      }
    }
    let length: JSONMember =
      switch end {
      case .blocks(let count): JSONMember("blocks", .integer(count))
      case .tokens(let count): JSONMember("tokens", .integer(count))
      case .open: JSONMember("open", .bool(true))
      }
    return [
      JSONMember("name", .string(name)), length, JSONMember("mix", .object(shares)),
      JSONMember("minimum_score", Phase.json(minimumScore)), JSONMember("order", .string(order.rawValue)),
      JSONMember("seq_len", .integer(seqLen)), JSONMember("rope_theta", Phase.json(ropeTheta)),
      JSONMember("document_mask", .bool(documentMask)), JSONMember("lr", learningRate.resolved),
    ] + unusual
  }

  /// Fields that stand there only where they say something, so that older manifests keep their hash.
  private var unusual: [JSONMember] {
    var members: [JSONMember] = []
    if order == .curriculum { members.append(JSONMember("curriculum", .string(curriculum))) }
    for (name, value) in [("block_tokens", blockTokens), ("max_uses", maxUses), ("prefer_tokens", preferTokens)]
    where value > 0 { members.append(JSONMember(name, .integer(value))) }
    return members
  }

  fileprivate static func json(_ number: Double) -> JSONValue {
    Int(exactly: number).map { .integer($0) } ?? .number(number)
  }

  /// The phase that `resolved` wrote; refused when a field is missing or the hash does not fit the fields.
  public init(resolved value: JSONValue) throws(PhaseError) {
    guard let name = value["name"]?.string, let shares = value["mix"]?.members,
      let minimumScore = value["minimum_score"]?.number, let seqLen = value["seq_len"]?.integer, seqLen > 0,
      let ropeTheta = value["rope_theta"]?.number, let documentMask = value["document_mask"]?.bool
    else { throw PhaseError(reason: "one of name, mix, minimum_score, seq_len, rope_theta, document_mask is missing") }
    guard let order = value["order"]?.string.flatMap(Order.init(rawValue:)) else {
      throw PhaseError(reason: "order '\(value["order"]?.string ?? "")' is not known to this version")
    }
    self.init(
      name: name, end: Phase.end(value), mix: try Phase.mix(shares), minimumScore: minimumScore, order: order,
      seqLen: seqLen, ropeTheta: ropeTheta, documentMask: documentMask,
      learningRate: try LearningRateShape(resolved: value["lr"]))
    if let curriculum = value["curriculum"]?.string { self.curriculum = curriculum }
    blockTokens = value["block_tokens"]?.integer ?? 0
    maxUses = value["max_uses"]?.integer ?? 0
    preferTokens = value["prefer_tokens"]?.integer ?? 0
    guard value["hash"]?.string == hash else {
      throw PhaseError(reason: "the hash of phase '\(name)' does not fit its fields; the manifest was edited")
    }
  }

  private static func end(_ value: JSONValue) -> End {
    if let blocks = value["blocks"]?.integer { return .blocks(blocks) }
    if let tokens = value["tokens"]?.integer { return .tokens(tokens) }
    return .open
  }

  private static func mix(_ shares: [JSONMember]) throws(PhaseError) -> [MixEntry] {
    var mix: [MixEntry] = []
    for share in shares {
      let part: Share? = share.value.string == "all" ? .all : share.value.number.map { .weight($0) }
      if let part, let entry = MixEntry(name: share.name, part) {
        mix.append(entry)
      } else {
        throw PhaseError(reason: "mix.\(share.name) is no part of a mix, or neither a weight nor \"all\"")
      }
    }
    return mix
  }
}

extension LearningRateShape {
  var resolved: JSONValue {
    var members = [JSONMember("shape", .string(decay.rawValue)), JSONMember("final", Phase.json(finalRatio))]
    switch warmup {
    case .none: break
    case .tokens(let count): members.append(JSONMember("warmup_tokens", .integer(count)))
    case .steps(let count): members.append(JSONMember("warmup_steps", .integer(count)))
    }
    return .object(members)
  }

  init(resolved value: JSONValue?) throws(PhaseError) {
    guard let value, let final = value["final"]?.number,
      let decay = value["shape"]?.string.flatMap(Decay.init(rawValue:))
    else { throw PhaseError(reason: "lr needs a shape this version knows and final") }
    let warmup: Warmup =
      if let tokens = value["warmup_tokens"]?.integer {
        .tokens(tokens)
      } else if let steps = value["warmup_steps"]?.integer {
        .steps(steps)
      } else {
        .none
      }
    self.init(warmup: warmup, decay: decay, finalRatio: final)
  }
}
