import Blocks
import Spool

/// Why a block is not discarded, and what would be right.
struct DiscardRefusal: Error {
  let state: ControlState
  let message: String
  let block: Int?
}

/// Which block a request to discard is about.
struct DiscardChoice {
  let state: AgentState
  /// Those that nobody had begun when the request was taken.
  let candidates: [BlockName]

  /// - Parameter wanted: `part-00012` or `12`; nil: the newest that is not begun.
  func target(_ wanted: String?) throws(DiscardRefusal) -> BlockName {
    let begun = try begunThrough()
    let target: BlockName
    if let wanted { target = try named(wanted, begun) } else { target = try newest(begun) }
    let part = BlockName.part(target.number)
    guard let now = state.blocks.first(where: { $0.number == target.number }), now.name == target else {
      // Another request was there before.
      throw DiscardRefusal(
        state: .done, message: "\(part) revision \(target.revision) was withdrawn already by another request",
        block: target.number)
    }
    if target.number <= begun { throw refused(begunText(target.number, begun), target.number) }
    return target
  }

  private func begunThrough() throws(DiscardRefusal) -> Int {
    do { return try BegunBlocks.through(state.layout.root) } catch {
      throw DiscardRefusal(
        state: .failed, message: "nobody can tell which blocks were begun: \(error); nothing was changed", block: nil)
    }
  }

  private func newest(_ begun: Int) throws(DiscardRefusal) -> BlockName {
    if let newest = candidates.last { return newest }
    throw refused("there was no block that is not begun\(others(begun))", nil)
  }

  private func named(_ text: String, _ begun: Int) throws(DiscardRefusal) -> BlockName {
    guard let number = BlockName.number(text) ?? Int(text), number >= 0 else {
      throw refused("block=\(text) must be block=part-00012 or block=12\(others(begun))", nil)
    }
    if let candidate = candidates.first(where: { $0.number == number }) { return candidate }
    guard state.blocks.contains(where: { $0.number == number }) else {
      throw refused("there is no block \(BlockName.part(number))\(others(begun))", number)
    }
    guard number > begun else { throw refused(begunText(number, begun), number) }
    throw refused("\(BlockName.part(number)) was composed after this was asked; ask again to discard it", number)
  }

  private func refused(_ message: String, _ block: Int?) -> DiscardRefusal {
    DiscardRefusal(state: .rejected, message: message, block: block)
  }

  /// What could be discarded instead.
  private func others(_ begun: Int) -> String {
    if state.blocks.isEmpty { return ": there are no blocks yet" }
    let free = state.blocks.map(\.number).filter { $0 > begun }.sorted()
    return free.isEmpty
      ? ": a trainer has begun all through \(BlockName.part(begun)); to leave one out of training, skip it"
      : "; not begun: \(BlockName.list(free))"
  }

  private func begunText(_ number: Int, _ begun: Int) -> String {
    "a trainer has begun \(BlockName.part(number)) (all through \(BlockName.part(begun)), the way back included), so it "
      + "stays as it is; " + DiscardChoice.skip(number) + others(begun)
  }

  static func begunMeanwhile(_ name: BlockName) -> String {
    "a trainer was about to begin \(BlockName.part(name.number)) at the same moment, so nothing was withdrawn; "
      + skip(name.number)
  }

  private static func skip(_ number: Int) -> String {
    "to leave it out of training: echo block=\(BlockName.part(number)) >control/skip"
  }
}
