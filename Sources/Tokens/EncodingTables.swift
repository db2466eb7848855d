import CKernels

/// What all encoders of one tokenizer share, read only.
final class EncodingTables: @unchecked Sendable {
  let view: ck_bpe_tables
  let merges: MergeTable
  private let joints: CharacterJoints
  private let vocabulary: VocabularyTable?
  private let characters: UnsafeMutablePointer<ck_character_ids>
  private let symbols: UnsafeMutablePointer<UInt32>?

  init(_ definition: TokenizerDefinition) {
    let tokens = definition.tokens.lazy.compactMap { $0 }
    let hasCharacters = definition.characters != nil
    joints = hasCharacters ? CharacterJoints(characterTokens: tokens) : CharacterJoints(tokens: tokens)
    merges = MergeTable(merges: definition.merges, byteIDs: definition.byteIDs)
    let vocabulary = hasCharacters || definition.ignoreMerges ? VocabularyTable(definition.reachableTokens) : nil
    self.vocabulary = vocabulary
    characters = .allocate(capacity: 0x10000)
    characters.initialize(repeating: ck_character_ids(count: 0, ids: (0, 0, 0)), count: 0x10000)
    symbols = hasCharacters ? Self.symbols(vocabulary) : nil
    view = ck_bpe_tables(
      rules: definition.rules, merges: merges.view, joints: joints.view,
      vocabulary: vocabulary?.view ?? ck_vocabulary(),
      characters: characters, symbols: symbols)
    fillCharacters()
  }

  deinit {
    merges.deallocate()
    joints.deallocate()
    vocabulary?.deallocate()
    characters.deallocate()
    symbols?.deallocate()
  }

  /// The ids of every character of the basic plane.
  private static func symbols(_ vocabulary: VocabularyTable?) -> UnsafeMutablePointer<UInt32> {
    let symbols = UnsafeMutablePointer<UInt32>.allocate(capacity: 0x10000)
    for code in 0..<UInt32(0x10000) {
      let bytes = Unicode.Scalar(code).map { Array(String(Character($0)).utf8) } ?? []
      let id = bytes.isEmpty ? nil : vocabulary?.find(bytes)
      symbols[Int(code)] = id.map { UInt32(bitPattern: $0) } ?? MergeTable.missing
    }
    return symbols
  }

  /// What each character of three bytes becomes by itself.
  private func fillCharacters() {
    withUnsafePointer(to: view) { view in
      for code in UInt32(0x800)..<0x10000 where code & 0xF800 != 0xD800 {
        let bytes = [UInt8(0xE0 | code >> 12), UInt8(0x80 | code >> 6 & 0x3F), UInt8(0x80 | code & 0x3F)]
        characters[Int(code)] = ids(of: bytes, view)
      }
    }
  }

  /// Count 0 where whole words go first and the character is looked up otherwise than it is merged.
  private func ids(of character: [UInt8], _ view: UnsafePointer<ck_bpe_tables>) -> ck_character_ids {
    var merges = view.pointee.merges
    var ranks: (UInt32, UInt32, UInt32) = (0, 0, 0)
    var found = ck_character_ids(count: 0, ids: (0, 0, 0))
    withUnsafeMutableBytes(of: &found.ids) { ids in
      withUnsafeMutableBytes(of: &ranks) { ranks in
        let ids = ids.assumingMemoryBound(to: UInt32.self).baseAddress!
        let ranks = ranks.assumingMemoryBound(to: UInt32.self).baseAddress!
        let first = ck_first_symbols(view, character, character.count, ids)
        found.count = UInt32(ck_merge_symbols(&merges, ids, ranks, first))
      }
    }
    if symbols == nil, let whole = vocabulary?.find(character), found.count != 1 || found.ids.0 != UInt32(whole) {
      found.count = 0
    }
    return found
  }
}

extension TokenizerDefinition {
  /// The rules for the kernels.
  fileprivate var rules: Int32 {
    guard let characters else { return pattern.rules }
    return Int32(characters.metaspace?.splits == true ? CK_WORDS_AT_MARKS : CK_WORDS_WHOLE)
  }

  /// What merges and whole-word look-ups may reach.
  fileprivate var reachableTokens: [(bytes: [UInt8], id: Int32)] {
    tokens.enumerated().compactMap { id, token in
      guard let token, !literalIDs.contains(Int32(id)) else { return nil }
      return (token, Int32(id))
    }
  }

  /// The id of each byte, `MergeTable.missing` where it has none: of a token of that byte, in a model over characters
  /// of the token that is spelt as its number.
  var byteIDs: [UInt32] {
    var ids = [UInt32](repeating: MergeTable.missing, count: 256)
    for (bytes, id) in reachableTokens {
      if characters == nil {
        if bytes.count == 1 { ids[Int(bytes[0])] = UInt32(id) }
      } else if let byte = ByteAlphabet.byte(spelt: bytes) {
        ids[Int(byte)] = UInt32(id)
      }
    }
    return ids
  }
}
