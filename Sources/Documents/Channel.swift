/// What the mix and the losses are kept by: an index into the spool's channel list.
public struct Channel: Hashable, Comparable, Sendable {
  public let index: UInt8

  public init(_ index: UInt8) { self.index = index }

  public static func < (a: Channel, b: Channel) -> Bool { a.index < b.index }

  public static let chinese = Channel(0)
  public static let english = Channel(1)
  public static let code = Channel(2)
  public static let math = Channel(3)
  public static let instruct = Channel(4)
}

/// The channels of a spool, in an order that never changes: the built-in ones, then the configuration's own.
public struct ChannelTable: Equatable, Sendable {
  public static let builtIn = ["zh", "en", "code", "math", "instruct"]
  public let names: [String]

  public init(extra: [String] = []) {
    names = ChannelTable.builtIn + extra.filter { !ChannelTable.builtIn.contains($0) }
  }

  public func name(_ channel: Channel) -> String { names[Int(channel.index)] }
  public func channel(_ name: String) -> Channel? { names.firstIndex(of: name).map { Channel(UInt8($0)) } }
}

/// What thresholds may differ by.
public enum Genre: UInt8, CaseIterable, Sendable {
  case unknown, news, encyclopedia, book, paper, forum, web, manual, law, poetry, code, dialogue

  /// Made once: asking a value for its name is slow.
  private static let names = allCases.map { "\($0)" }

  public var name: String { Genre.names[Int(rawValue)] }

  public init?(name: String) {
    guard let found = Genre.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
