import Bytes
import Posix

/// How far a request has come. The last four are final; `done` is a promise that what was asked for is on the disk.
public enum ControlState: String, Sendable, CaseIterable {
  case accepted, running, done, failed, rejected, coalesced

  public var isFinal: Bool { self != .accepted && self != .running }
}

/// Where the taker of a request stands, as far as it knows.
public struct ControlPlace: Equatable, Sendable {
  public var step: Int?
  public var block: Int?
  public var checkpoint: String?

  public init(step: Int? = nil, block: Int? = nil, checkpoint: String? = nil) {
    self.step = step
    self.block = block
    self.checkpoint = checkpoint
  }
}

/// The answer to a request: `control/ack/<seq>-NAME.json`.
public struct ControlAcknowledgement: Equatable, Sendable {
  public var sequence: Int
  /// The sentinel's file name, bytes outside printable UTF-8 escaped.
  public var name: String
  public var state: ControlState
  public var arguments: [JSONMember] = []
  /// Owner of the sentinel file.
  public var user: Int
  public var place = ControlPlace()
  public var message = ""
  /// The request that answers this one too, when it is `coalesced`.
  public var into: Int?
  /// What each role made of it, when it was for several.
  public var roles: [JSONMember] = []
  /// Seconds since the request was taken.
  public var seconds = 0.0
  /// When it was taken, seconds since the epoch.
  public var taken: Double

  public init(sequence: Int, name: String, state: ControlState, user: Int, taken: Double) {
    self.sequence = sequence
    self.name = name
    self.state = state
    self.user = user
    self.taken = taken
  }

  public var json: JSONValue {
    let dot = name.firstIndex(of: ".")
    var members = [
      JSONMember("request", .integer(sequence)), JSONMember("name", .string(name)),
      JSONMember("verb", .string(String(name[..<(dot ?? name.endIndex)]))),
      JSONMember("tag", .string(dot.map { String(name[name.index(after: $0)...]) } ?? "")),
      JSONMember("state", .string(state.rawValue)), JSONMember("args", .object(arguments)),
      JSONMember("uid", .integer(user)),
    ]
    if let step = place.step { members.append(JSONMember("step", .integer(step))) }
    if let block = place.block { members.append(JSONMember("block", .integer(block))) }
    if let checkpoint = place.checkpoint { members.append(JSONMember("checkpoint", .string(checkpoint))) }
    if let into { members.append(JSONMember("into", .integer(into))) }
    if !roles.isEmpty { members.append(JSONMember("roles", .object(roles))) }
    members += [
      JSONMember("message", .string(message)), JSONMember("seconds", .number((seconds * 1000).rounded() / 1000)),
      JSONMember("taken", .number(taken)), JSONMember("time", .string(Clock.stamp(taken + seconds))),
    ]
    return .object(members)
  }

  /// nil when the file is no acknowledgement.
  public init?(_ json: JSONValue) {
    guard let sequence = json["request"]?.integer, let name = json["name"]?.string,
      let state = json["state"]?.string.flatMap(ControlState.init(rawValue:))
    else { return nil }
    self.init(
      sequence: sequence, name: name, state: state, user: json["uid"]?.integer ?? 0, taken: json["taken"]?.number ?? 0)
    arguments = json["args"]?.members ?? []
    place = ControlPlace(
      step: json["step"]?.integer, block: json["block"]?.integer, checkpoint: json["checkpoint"]?.string)
    message = json["message"]?.string ?? ""
    into = json["into"]?.integer
    roles = json["roles"]?.members ?? []
    seconds = json["seconds"]?.number ?? 0
  }

  static func fileName(_ sequence: Int, _ name: Path) -> Path { ControlSequence.prefix(sequence, name) + ".json" }

  /// nil when there is none. One that cannot be read just now is an error: its request would be carried out again.
  static func read(_ file: Path, in folder: Directory) throws(SystemError) -> ControlAcknowledgement? {
    guard let bytes = try folder.readIfThere(file, limit: 1 << 20), let json = try? JSONParser.parse(bytes) else {
      return nil
    }
    return ControlAcknowledgement(json)
  }

  /// Rewrites the file; final states are on the disk when this returns, others with `durable`.
  func write(_ name: Path, in folder: Directory, durable: Bool = false) throws(SystemError) {
    let file = ControlAcknowledgement.fileName(sequence, name)
    let isNew = try !folder.isThere(file)
    try folder.replaceFile(file, with: JSONWriter.pretty(json), durable: durable || state.isFinal)
    if isNew || !isLinked(name, in: folder) { try folder.replaceLink(ControlAcknowledgement.link(name), to: file) }
  }

  /// Whether `last-NAME.json` leads to this answer or a newer one: a process may have died between answer and link.
  private func isLinked(_ name: Path, in folder: Directory) -> Bool {
    let link = ControlAcknowledgement.link(name)
    guard let bytes = try? folder.openAnywhere(link).readAll(limit: 1 << 20), let json = try? JSONParser.parse(bytes)
    else { return false }
    return (ControlAcknowledgement(json)?.sequence ?? 0) >= sequence
  }

  /// `last-NAME.json`.
  static func link(_ name: Path) -> Path {
    Path(Array("last-".utf8) + ControlSequence.shortened(name).bytes) + ".json"
  }
}
