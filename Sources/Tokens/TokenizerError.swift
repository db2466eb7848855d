/// Why a tokenizer cannot be used.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Not JSON at all.
  case malformed(String)
  /// A part of the file that this tokenizer cannot follow exactly; `part` is its path in the file.
  case unsupported(part: String, reason: String)
  /// The file contradicts itself; `part` is the path of the place.
  case inconsistent(part: String, reason: String)

  public var description: String { "tokenizer.json: \(reason)" }

  /// The place in the file and why; without the file's name.
  public var reason: String {
    switch self {
    case .malformed(let reason): reason
    case .unsupported(let part, let reason): "\(part): not supported: \(reason)"
    case .inconsistent(let part, let reason): "\(part): \(reason)"
    }
  }
}

extension TokenizerDefinition {
  /// Refuses what the tables cannot hold or what contradicts itself.
  func check() throws(TokenizerError) {
    if tokens.count >= MergeTable.idLimit - 1 {
      throw .unsupported(part: "model.vocab", reason: "\(tokens.count) ids; at most \(MergeTable.idLimit - 2)")
    }
    if merges.count >= Int(MergeTable.none) {
      throw .unsupported(part: "model.merges", reason: "\(merges.count) merges; at most \(MergeTable.none - 1)")
    }
    for (rank, merge) in merges.enumerated() {
      for id in [merge.left, merge.right, merge.result] where !tokens.indices.contains(Int(id)) {
        throw .inconsistent(part: "model.merges[\(rank)]", reason: "id \(id) is not in the vocabulary")
      }
    }
    for token in addedTokens where token.id < 0 || Int(token.id) >= MergeTable.idLimit - 1 {
      throw .unsupported(part: "added_tokens", reason: "id \(token.id); ids are 0...\(MergeTable.idLimit - 2)")
    }
    try checkBytes()
  }

  /// Every byte that valid UTF-8 can hold must have a token, or some text could not be written.
  private func checkBytes() throws(TokenizerError) {
    let ids = byteIDs
    for byte in 0..<256 where ids[byte] == MergeTable.missing {
      // Characters fall back on all or none.
      if characters == nil, byte == 0xC0 || byte == 0xC1 || byte >= 0xF5 { continue }
      let name = String(byte, radix: 16, uppercase: true)
      throw .inconsistent(
        part: "model.vocab",
        reason: characters == nil
          ? "no token for byte 0x\(name): not a byte-level vocabulary"
          : "no token <0x\(byte < 16 ? "0" : "")\(name)>: byte_fallback needs all 256")
    }
  }
}
