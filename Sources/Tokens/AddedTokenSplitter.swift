import CKernels

/// Cuts text at added tokens as Hugging Face does: the leftmost, of those the longest; white space goes with the tokens
/// that strip it.
struct AddedTokenSplitter: Sendable {
  private let matcher: AddedTokenMatcher
  /// Special tokens stay text: found, and passed over.
  private let skipsSpecial: Bool

  init(_ tokens: [AddedToken], skipsSpecial: Bool) {
    matcher = AddedTokenMatcher(tokens)
    self.skipsSpecial = skipsSpecial
  }

  /// Calls `part` for each stretch of text that is not empty, and for each token (with its id) in order.
  func split(_ text: UnsafeBufferPointer<UInt8>, _ part: (UnsafeBufferPointer<UInt8>, Int32?) -> Void) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    var done = 0
    var position = 0
    while !matcher.isEmpty, let match = matcher.firstMatch(base, from: position, to: text.count) {
      position = match.end
      if skipsSpecial, match.token.special { continue }
      let start = match.token.stripsLeft ? max(spacesStart(text, before: match.start), done) : match.start
      let end = match.token.stripsRight ? spacesEnd(text, from: match.end) : match.end
      if done < start { part(UnsafeBufferPointer(rebasing: text[done..<start]), nil) }
      part(UnsafeBufferPointer(rebasing: text[match.start..<match.end]), match.token.id)
      done = end
    }
    if done < text.count { part(UnsafeBufferPointer(rebasing: text[done...]), nil) }
  }

  private func spacesStart(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var start = end
    while start > 0 {
      var lead = start - 1
      while lead > 0, start - lead < 4, text[lead] & 0xC0 == 0x80 { lead -= 1 }
      guard ck_space_length(text.baseAddress, lead, end) == start - lead else { break }
      start = lead
    }
    return start
  }

  private func spacesEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count {
      let length = ck_space_length(text.baseAddress, end, text.count)
      if length == 0 { break }
      end += length
    }
    return end
  }
}

/// Tokens that are looked for in the text as it is, and those that are looked for behind the normalizer.
struct AddedTokenSplitters: Sendable {
  let raw: AddedTokenSplitter
  let normalized: AddedTokenSplitter

  init(_ definition: TokenizerDefinition, skipsSpecial: Bool) {
    let normalizer = TextNormalizer(steps: definition.normalizer)
    raw = AddedTokenSplitter(definition.addedTokens.filter { !$0.normalized }, skipsSpecial: skipsSpecial)
    let behind = definition.addedTokens.filter(\.normalized).map { token in
      AddedToken(
        id: token.id, content: normalizer.normalized(token.content), special: token.special, normalized: true,
        stripsLeft: token.stripsLeft, stripsRight: token.stripsRight)
    }
    normalized = AddedTokenSplitter(behind, skipsSpecial: skipsSpecial)
  }
}

extension CharacterModel.Metaspace {
  /// The text with marks for its spaces, and one before it where the rule says so.
  func marked(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 2 + 3)
    let isMarked = text.first == 0x20 || text.starts(with: CharacterModel.mark)
    if !isMarked, prefix == .always || (prefix == .first && isFirst) { result += CharacterModel.mark }
    for byte in text {
      if byte == 0x20 { result += CharacterModel.mark } else { result.append(byte) }
    }
    return result
  }
}
