/// What is done when a part of the mix has too little for a block.
public enum DryPolicy: String, CaseIterable, Sendable {
  case reuse, wait, rebalance
}

/// How far what there is goes, for one part of a phase's mix.
public struct SupplyOutlook: Equatable, Sendable {
  /// The entry of the mix.
  public let name: String
  /// Tokens that can be drawn.
  public let available: Int
  /// Tokens that a full block takes of it.
  public let perBlock: Int

  /// Blocks that it lasts for, when nothing comes in.
  public var blocksLeft: Int { available / max(1, perBlock) }
}
