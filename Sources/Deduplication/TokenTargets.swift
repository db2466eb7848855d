import Documents
import Settings

/// `dedupe.target_tokens`: how many tokens are to be left, of single channels or of all others together.
public struct TokenTargets: Equatable, Sendable {
  /// The name of the target for all channels that have none of their own.
  public static let rest = "*"

  /// One target and the channels that it is for; they share one threshold.
  public struct Group: Equatable, Sendable {
    /// A channel's name or `*`.
    public let name: String
    public let tokens: Int
    public let channels: [UInt8]
  }

  /// Tokens by channel name.
  public private(set) var tokens: [String: Int] = [:]

  public init(_ tokens: [String: Int] = [:]) { self.tokens = tokens }

  public var isEmpty: Bool { tokens.isEmpty }

  /// Targets of channels that this spool has, by name.
  public func groups(_ table: ChannelTable) -> [Group] {
    let own = Set(tokens.keys.compactMap { table.channel($0)?.index })
    return tokens.sorted { $0.key < $1.key }.compactMap { name, tokens in
      if name == TokenTargets.rest {
        let others = table.names.indices.map { UInt8($0) }.filter { !own.contains($0) }
        return others.isEmpty ? nil : Group(name: name, tokens: tokens, channels: others)
      }
      return table.channel(name).map { Group(name: name, tokens: tokens, channels: [$0.index]) }
    }
  }

  /// As it would be written.
  var shown: String {
    if tokens.count == 1, let all = tokens[TokenTargets.rest] { return "\(all)" }
    return "{" + tokens.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
  }

  static let allowed = "a whole number of tokens, or a table of channel (or \"*\") and tokens"

  /// A number counts for all channels together.
  init(_ value: SettingValue) throws(SettingError) {
    if let all = value.integer, all > 0 {
      tokens = [TokenTargets.rest: all]
      return
    }
    guard let table = value.table else { throw .wrong("target_tokens", TokenTargets.allowed, value) }
    for (name, value) in table {
      guard let wanted = value.integer, wanted > 0 else { throw .wrong("target_tokens", TokenTargets.allowed, value) }
      tokens[name] = wanted
    }
  }
}
