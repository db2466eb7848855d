import Bytes

/// The vocabulary of a file: ids by their spelling, and the bytes they stand for.
struct VocabularyReader {
  private(set) var tokens: [[UInt8]?] = []
  /// Ids spelt with characters outside the byte alphabet.
  private(set) var literalIDs: Set<Int32> = []
  private(set) var count = 0
  private let isByteLevel: Bool
  private var spellings = ByteStringTable(capacity: 1 << 17)
  private var ids: [Int32] = []

  init(isByteLevel: Bool) { self.isByteLevel = isByteLevel }

  mutating func read(_ vocabulary: JSONValue) throws(TokenizerError) {
    guard let members = vocabulary.members, !members.isEmpty else {
      throw .inconsistent(part: "model.vocab", reason: "must be an object that is not empty")
    }
    for member in members {
      guard let id = member.value.integer, id >= 0, id < MergeTable.idLimit - 1 else {
        throw .inconsistent(
          part: "model.vocab", reason: "the id of \"\(member.name)\" is not in 0...\(MergeTable.idLimit - 2)")
      }
      if id >= tokens.count { tokens.append(contentsOf: repeatElement(nil, count: id + 1 - tokens.count)) }
      guard tokens[id] == nil, spellings.insert(member.key) == ids.count else {
        throw .inconsistent(part: "model.vocab", reason: "\"\(member.name)\" or its id \(id) stands there twice")
      }
      ids.append(Int32(id))
      if !isByteLevel {
        tokens[id] = member.key
      } else if let bytes = ByteAlphabet.decoded(member.key) {
        tokens[id] = bytes
      } else {
        tokens[id] = member.key
        literalIDs.insert(Int32(id))
      }
    }
    count = members.count
  }

  /// The id of a token by its spelling in the file.
  func id(ofText text: some Collection<UInt8>) -> Int32? { spellings.find(text).map { ids[$0] } }

  /// A merge, spelt `["a", "b"]` or `"a b"`.
  func merge(_ value: JSONValue, rank: Int) throws(TokenizerError) -> Merge {
    var parts: [ArraySlice<UInt8>] = []
    if let pair = value.array {
      parts = pair.compactMap { $0.bytes.map { $0[...] } }
    } else if let line = value.bytes {
      parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    }
    guard parts.count == 2 else {
      throw .inconsistent(part: "model.merges[\(rank)]", reason: "must be a pair of tokens")
    }
    guard let left = id(ofText: parts[0]), let right = id(ofText: parts[1]),
      let result = id(ofText: parts[0] + parts[1])
    else {
      throw .inconsistent(
        part: "model.merges[\(rank)]",
        reason:
          "\(parts.map { "\"" + String(decoding: $0, as: UTF8.self) + "\"" }.joined(separator: " + ")) or what it "
          + "makes is not in the vocabulary")
    }
    return Merge(left: left, right: right, result: result)
  }
}
