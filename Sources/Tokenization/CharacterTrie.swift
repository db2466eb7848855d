import Tokens

/// Characters that are tokens before anything is learned, and their beginnings, which are tokens too.
///
/// Their merges cannot meet: in UTF-8 no byte both begins and continues a character. So they may be done in one pass
/// over the words, in any order, before the first pair is counted.
struct CharacterTrie {
  /// 64 children of each node by the low bits of a continuing byte; 0: none. Node 0 stands for none.
  private var children = [UInt32](repeating: 0, count: 64)
  private var tokens: [UInt32] = [0]
  private var roots = [UInt32](repeating: 0, count: 256)

  /// `bytes`, of at least two, are `token`; what it begins with is there already.
  mutating func insert(_ bytes: ArraySlice<UInt8>, token: UInt32) {
    let first = Int(bytes[bytes.startIndex])
    if roots[first] == 0 { roots[first] = addNode(0) }
    var node = roots[first]
    for byte in bytes.dropFirst() {
      let place = Int(node) << 6 | Int(byte & 0x3F)
      if children[place] == 0 { children[place] = addNode(token) }
      node = children[place]
    }
  }

  private mutating func addNode(_ token: UInt32) -> UInt32 {
    tokens.append(token)
    children.append(contentsOf: repeatElement(0, count: 64))
    return UInt32(tokens.count - 1)
  }

  /// Merges in all words, which are still single bytes.
  func apply(to words: WordCells) {
    let cells = words.cells
    var bytes = [UInt8](repeating: 0, count: 256)
    for (id, token) in TokenizerDefinition.byteTokens.enumerated() { bytes[id] = token[0] }
    var position = 0
    while position < words.count {
      let start = position
      position += 1
      guard cells[start] < 256 else { continue }
      var node = roots[Int(bytes[Int(cells[start])])]
      while node != 0, cells[position] < 256, bytes[Int(cells[position])] & 0xC0 == 0x80 {
        let next = children[Int(node) << 6 | Int(bytes[Int(cells[position])] & 0x3F)]
        if next == 0 { break }
        node = next
        position += 1
      }
      let length = position - start
      if length < 2 { continue }
      for inside in start + 1..<position - 1 { cells[inside] = WordCells.inside }
      cells[start] = tokens[Int(node)]
      cells[position - 1] = WordCells.endsToken | UInt32(length - 1)
    }
  }
}
