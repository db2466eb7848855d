import Blocks
import Composition
import Deduplication
import Posix

/// What follows from the published blocks, for a start and after blocks were withdrawn: both make it alike.
extension AgentState {
  /// Uses, waiting tails and the carry of shares, for documents that were offered.
  /// - Parameter draws: of the published blocks, in the order of their publication.
  func restoreComposer(_ draws: [DrawRecord]) {
    var uses: [UInt32: Int] = [:]
    var tails: [UInt32: Int] = [:]
    for piece in draws.flatMap(\.pieces) {
      if piece.start == 0 { uses[piece.ordinal, default: 0] += 1 }
      let end = piece.start + piece.count
      tails[piece.ordinal] = end < table.tokens[Int(piece.ordinal)] ? Int(end) : 0
    }
    composer.restore(
      uses: uses, tails: tails, credit: draws.last?.credit ?? MixCredit(),
      past: draws.lazy.map { draw in
        Composer.PastBlock(number: draw.intent.number, pieces: draw.pieces.map { ($0.ordinal, Int($0.count)) })
      })
  }

  /// These blocks are no more: their documents are given back. What was decided after them no longer holds.
  func forget(_ gone: [BlockName]) throws {
    let draws = try blocks.filter { !gone.contains($0.name) }.map { try DrawFile.read($0.intent, in: layout) }
    unfinishedBlock = nil
    blocks = []
    nextBlock = 0
    table.forgetUses()
    for draw in draws { BlockMaker(state: self).note(draw) }
    deduplicator.refreeze(draws.flatMap(\.ordinals))
    for ordinal in 0..<table.count { offer(ordinal) }
    restoreComposer(draws)
  }
}
