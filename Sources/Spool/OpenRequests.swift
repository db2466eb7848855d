/// Requests that were taken and have no final answer yet, found by number or by name: there may be thousands.
struct OpenRequests {
  typealias Entry = (request: ControlRequest, state: ControlState)

  private var entries: [Int: Entry] = [:]
  private var numbers: [ControlName: Set<Int>] = [:]

  subscript(sequence: Int) -> Entry? {
    get { entries[sequence] }
    set {
      if let newValue {
        numbers[newValue.request.name, default: []].insert(sequence)
      } else if let name = entries[sequence]?.request.name {
        numbers[name]?.remove(sequence)
        if numbers[name]?.isEmpty ?? false { numbers[name] = nil }
      }
      entries[sequence] = newValue
    }
  }

  /// Those of one name, oldest first.
  func named(_ name: ControlName) -> [Entry] { (numbers[name] ?? []).sorted().compactMap { entries[$0] } }
}
