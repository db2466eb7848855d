import Bytes
import Posix

/// One role's part of the answer to a reload: `.taken/.reply-R-ROLE`, written by that role alone.
struct ReloadReply {
  enum State: String { case done, restarting, refused, absent = "not running" }

  var state: State
  var message = ""
  var changed: [String] = []
  var isFinal: Bool { state != .restarting }

  init(_ state: State, message: String = "", changed: [String] = []) {
    self.state = state
    self.message = message
    self.changed = changed
  }

  static func file(_ sequence: Int, _ role: ControlRole) -> Path {
    Path(".reply-\(ControlSequence.digits(sequence))-\(role.rawValue)")
  }

  init?(_ sequence: Int, _ role: ControlRole, in folder: Directory) {
    guard let bytes = try? folder.read(ReloadReply.file(sequence, role), limit: 1 << 20),
      let json = try? JSONParser.parse(bytes), let state = json["state"]?.string.flatMap(State.init(rawValue:))
    else { return nil }
    self.init(
      state, message: json["message"]?.string ?? "",
      changed: (json["changed"]?.array ?? []).compactMap(\.string))
  }

  func write(_ sequence: Int, _ role: ControlRole, in folder: Directory) throws(SystemError) {
    let json = JSONValue.object([
      "state": .string(state.rawValue), "message": .string(message), "changed": .array(changed.map { .string($0) }),
    ])
    try folder.replaceFile(ReloadReply.file(sequence, role), with: JSONWriter.compact(json))
  }

  var shown: JSONValue { .string(message.isEmpty ? state.rawValue : "\(state.rawValue): \(message)") }
}
