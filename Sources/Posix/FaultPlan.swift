import Glibc

/// What is to go wrong, and when: `kill@12`, `ENOSPC@3` (the third call, once), `EIO@3+` (from the third on),
/// `short@1+:write`, `EIO@2:fsync,rename` (only these calls are counted).
public struct FaultPlan: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case kill
    /// The call is not made and fails with this errno.
    case fail(Int32)
    /// The call moves half of its bytes.
    case short
  }

  public var kind: Kind
  public var at: Int
  public var forGood: Bool
  public var calls: Set<SystemCall>

  public struct Misspelt: Error, CustomStringConvertible {
    public let description: String
  }

  private static let codes: [(name: String, code: Int32)] = [
    ("ENOSPC", ENOSPC), ("EDQUOT", EDQUOT), ("EIO", EIO), ("EINTR", EINTR), ("EROFS", EROFS), ("EMFILE", EMFILE),
    ("ENFILE", ENFILE), ("ENOMEM", ENOMEM), ("EAGAIN", EAGAIN), ("EACCES", EACCES),
  ]

  public init(_ text: String) throws(Misspelt) {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let words = halves[0].split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    forGood = words.count == 2 && words[1].hasSuffix("+")
    guard words.count == 2, let at = Int(forGood ? String(words[1].dropLast()) : words[1]), at > 0 else {
      throw FaultPlan.misspelt(text, "KIND@N or KIND@N+, perhaps :CALL,CALL")
    }
    self.at = at
    switch words[0] {
    case "kill": kind = .kill
    case "short": kind = .short
    default:
      guard let known = FaultPlan.codes.first(where: { $0.name == words[0] }) else {
        let names = FaultPlan.codes.map(\.name).joined(separator: ", ")
        throw FaultPlan.misspelt(text, "a kind of: kill, short, \(names)")
      }
      kind = .fail(known.code)
    }
    calls = kind == .short ? SystemCall.partial : Set(SystemCall.allCases)
    if halves.count == 2 { calls = try FaultPlan.calls(halves[1], of: text) }
  }

  private static func calls(_ list: String, of text: String) throws(Misspelt) -> Set<SystemCall> {
    var found: Set<SystemCall> = []
    for name in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let calls = SystemCall.named(String(name)) else {
        let names = SystemCall.allCases.map(\.rawValue).joined(separator: ", ")
        throw misspelt(text, "calls of: durable, space, means, partial, \(names)")
      }
      found.formUnion(calls)
    }
    return found
  }

  private static func misspelt(_ text: String, _ right: String) -> Misspelt {
    Misspelt(description: "PRETRAIND_FAULT=\(text): wanted \(right)")
  }

  /// Whether the N-th pass (from 1) of the counted calls is one that goes wrong. An interrupted call is made again at
  /// once: for good means every other pass, or nothing would ever happen.
  func strikes(pass number: Int) -> Bool {
    if !forGood { return number == at }
    return number >= at && (kind != .fail(EINTR) || (number - at) % 2 == 0)
  }
}
