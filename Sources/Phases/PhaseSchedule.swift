/// Which phase a block belongs to.
extension PhaseList {
  public struct Place: Equatable, Sendable {
    /// Position in the list.
    public let index: Int
    public let phase: Phase
    /// Number of the phase's first block.
    public let firstBlock: Int

    public init(index: Int, phase: Phase, firstBlock: Int) {
      self.index = index
      self.phase = phase
      self.firstBlock = firstBlock
    }
  }

  /// What the sentinel `anneal` enters: the phase of that name, else the first with an end after an open one.
  public var annealIndex: Int? {
    if let named = phases.firstIndex(where: { $0.name == "anneal" }) { return named }
    guard let open = phases.firstIndex(where: { $0.end == .open }) else { return nil }
    return phases[(open + 1)...].firstIndex { $0.end != .open }
  }

  /// The phase of block `number`; nil after the last phase's end.
  /// - Parameter annealAt: the first block of the anneal, when one was asked for.
  public func phase(forBlock number: Int, blockTokens: Int, annealAt: Int? = nil) -> Place? {
    if let annealAt, number >= annealAt, let annealIndex {
      return place(number, from: annealIndex, firstBlock: annealAt, blockTokens)
    }
    return place(number, from: 0, firstBlock: 0, blockTokens)
  }

  /// The phase that is in force after `tokens` tokens were eaten, all blocks being full.
  public func phase(atTokens tokens: Int, blockTokens: Int, annealAt: Int? = nil) -> Place? {
    var number = 0
    var eaten = 0
    while let place = phase(forBlock: number, blockTokens: blockTokens, annealAt: annealAt) {
      let size = place.phase.tokensOfBlock(usual: blockTokens)
      let left = (tokens - eaten) / size
      if left == 0 { return place }
      // Whole blocks of this phase at once, up to its end or the anneal's beginning.
      let inPhase = place.phase.blocks(of: blockTokens).map { place.firstBlock + $0 - number } ?? left
      let toAnneal = annealAt.map { $0 > number ? $0 - number : left } ?? left
      let step = max(1, min(left, inPhase, toAnneal))
      number += step
      eaten += step * size
    }
    return nil
  }

  private func place(_ number: Int, from start: Int, firstBlock: Int, _ blockTokens: Int) -> Place? {
    var first = firstBlock
    for index in start..<phases.count {
      guard let length = phases[index].blocks(of: blockTokens), number >= first + length else {
        return Place(index: index, phase: phases[index], firstBlock: first)
      }
      first += length
    }
    return nil
  }
}
