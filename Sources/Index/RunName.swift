import Posix

/// A run's file is named by the spills that are in it: `run-00000003-00000007.bands` holds the third to the seventh.
struct RunName: Equatable, Sendable {
  let first: Int
  let last: Int

  var path: Path { Path("run-\(RunName.digits(first))-\(RunName.digits(last)).bands") }

  init(first: Int, last: Int) {
    self.first = first
    self.last = last
  }

  init?(_ path: Path) {
    let text = "\(path)"
    guard text.hasPrefix("run-"), text.hasSuffix(".bands") else { return nil }
    let parts = text.dropFirst(4).dropLast(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = Int(String(parts[0])), let last = Int(String(parts[1])), first > 0,
      last >= first
    else { return nil }
    self.init(first: first, last: last)
    if self.path != path { return nil }
  }

  func covers(_ other: RunName) -> Bool { self != other && first <= other.first && other.last <= last }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 8 - text.count)) + text
  }
}
