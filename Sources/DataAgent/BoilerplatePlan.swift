import Bytes
import Deduplication
import Documents
import Spool

/// Which pieces the kept documents of a spool's corpus share, by source; nothing is changed.
public struct BoilerplatePlan {
  private let history: DocumentHistory
  private let channels: ChannelTable
  private var finder: BoilerplateFinder

  public init(_ layout: SpoolLayout, settings: AgentSettings, rule: BoilerplateFinder.Rule) throws {
    history = try DocumentHistory(layout, channels: settings.channels)
    channels = settings.channels
    finder = BoilerplateFinder(rule, megabytes: settings.dedupe.indexMegabytes)
    let (history, channels) = (history, channels)
    let kept = (0..<history.table.count).filter { history.table.state($0) == .kept }.map { UInt32($0) }
    // The smallest text keeps the example, so that it is the same whatever order documents came in.
    try finder.look(through: kept) {
      try BoilerplatePlan.document($0, history, channels)
    } isBetter: {
      history.table.textID(Int($0)) < history.table.textID(Int($1))
    }
  }

  private static func document(
    _ ordinal: UInt32, _ history: DocumentHistory, _ channels: ChannelTable
  ) throws -> Document? {
    try history.corpus.line(history.table.place(of: Int(ordinal))).withUnsafeBufferPointer {
      LineDocument.read($0, channels, channel: history.table.channel(Int(ordinal)))
    }
  }

  /// What is common: by source, the most common first.
  public func entries() throws -> [BoilerplateList.Entry] {
    let entries = try finder.common.compactMap { found -> BoilerplateList.Entry? in
      guard let document = try BoilerplatePlan.document(found.best, history, channels) else { return nil }
      return BoilerplateList.Entry(
        source: document.source, grain: finder.rule.grain, documents: found.documents,
        text: Array(document.text[found.place]))
    }
    return entries.sorted { a, b in
      if a.source != b.source { return a.source < b.source }
      if a.documents != b.documents { return a.documents > b.documents }
      return a.text.lexicographicallyPrecedes(b.text)
    }
  }
}
