/// What the settings name in files.
public struct VocabularyLists: Sendable {
  public var terms: [[UInt8]] = []
  public var banned = BannedTokens()

  public init() {}

  /// - Parameter readFile: the bytes of a file that a setting names.
  public init(_ settings: TokenizeSettings, readFile: (String) throws -> [UInt8]) throws {
    if !settings.terms.isEmpty { terms = TermList.lines(try readFile(settings.terms)) }
    if !settings.banned.isEmpty { banned = BannedTokens(list: try readFile(settings.banned)) }
  }
}
