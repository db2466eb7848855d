/// A channel and its weight in the text that a vocabulary is learned from.
public struct ChannelShare: Sendable, Equatable {
  public let channel: String
  public let weight: Double

  public init(channel: String, weight: Double) {
    self.channel = channel
    self.weight = weight
  }
}
