import Bytes

/// Values by name (channel, group), given out in byte order of the names whatever order they came in.
struct Named<Value> {
  private var entries: [String: Value] = [:]

  var isEmpty: Bool { entries.isEmpty }

  /// Changes the value of `name`, which begins as `start`.
  mutating func change(_ name: String, from start: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
    change(&entries[name, default: start()])
  }

  func object(_ value: (Value) -> JSONValue) -> JSONValue {
    let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return .object(sorted.map { JSONMember($0.key, value($0.value)) })
  }
}
