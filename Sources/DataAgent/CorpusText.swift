import Documents
import Spool

/// The kept documents of a spool in document order, read without disturbing a running agent.
public struct CorpusText {
  private let history: DocumentHistory
  private let channels: ChannelTable

  public init(_ layout: SpoolLayout, channels: ChannelTable) throws {
    history = try DocumentHistory(layout, channels: channels)
    self.channels = channels
  }

  /// Calls `body` with each text and its channel until it says no.
  public func forEach(_ body: (_ text: [UInt8], _ channel: String) throws -> Bool) throws {
    for ordinal in 0..<history.table.count where history.table.state(ordinal) == .kept {
      let text = try history.corpus.text(history.table.place(of: ordinal))
      if try !body(text, channels.name(history.table.channel(ordinal))) { return }
    }
  }
}
