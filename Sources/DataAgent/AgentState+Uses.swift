/// What published blocks took of a document: asked when one that they hold can be drawn again.
extension AgentState {
  /// The token its next draw begins with: the tail of the last block that holds it, or 0.
  func tail(of ordinal: Int) -> Int {
    for block in blocks.reversed() {
      let pieces = (try? DrawFile.read(block.intent, in: layout))?.pieces ?? []
      guard let last = pieces.last(where: { Int($0.ordinal) == ordinal }) else { continue }
      let end = Int(last.start + last.count)
      return end < Int(table.tokens[ordinal]) ? end : 0
    }
    return 0
  }
}
