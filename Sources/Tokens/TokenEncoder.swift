import CKernels

/// Turns text into ids. Not for sharing: each thread makes its own (`Tokenizer.makeEncoder()`), with its own word
/// cache.
public final class TokenEncoder {
  private let tables: EncodingTables
  private var view: ck_bpe_tables
  private let normalizer: TextNormalizer
  private let metaspace: CharacterModel.Metaspace?
  private let raw: AddedTokenSplitter
  private let normalized: AddedTokenSplitter
  private var caches: WordCaches
  private var output: IDBuffer

  init(_ tables: EncodingTables, _ definition: TokenizerDefinition, _ splitters: AddedTokenSplitters, cacheEntries: Int)
  {
    self.tables = tables
    view = tables.view
    normalizer = TextNormalizer(steps: definition.normalizer)
    metaspace = definition.characters?.metaspace
    raw = splitters.raw
    normalized = splitters.normalized
    caches = WordCaches(entries: cacheEntries)
    output = IDBuffer()
  }

  deinit {
    caches.deallocate()
    output.deallocate()
  }

  /// Appends the ids of `text` (UTF-8) to `ids`. The end of the document is not marked.
  public func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
    output.count = 0
    raw.split(text) { piece, id in
      if let id { output.append(id) } else { encodeRaw(piece, isFirst: piece.baseAddress == text.baseAddress) }
    }
    output.copy(to: &ids)
  }

  /// The ids of `text` (UTF-8).
  public func encode(_ text: [UInt8]) -> [Int32] {
    var ids: [Int32] = []
    text.withUnsafeBufferPointer { encode($0, into: &ids) }
    return ids
  }

  /// What stands between tokens that are looked for in the text as it is.
  private func encodeRaw(_ piece: UnsafeBufferPointer<UInt8>, isFirst: Bool) {
    if let changed = normalizer.changed(piece) {
      changed.withUnsafeBufferPointer { encodeNormalized($0, isFirst: isFirst) }
    } else {
      encodeNormalized(piece, isFirst: isFirst)
    }
  }

  private func encodeNormalized(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool) {
    normalized.split(text) { piece, id in
      if let id { return output.append(id) }
      guard let metaspace else { return encodeWords(piece) }
      let isFirst = isFirst && piece.baseAddress == text.baseAddress
      metaspace.marked(piece, isFirst: isFirst).withUnsafeBufferPointer { encodeWords($0) }
    }
  }

  private func encodeWords(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else { return }
    var cursor = ck_word_cursor(position: 0, word_end: 0)
    var long = ck_long_word()
    while cursor.position < text.count {
      output.reserve(CK_ENCODE_ROOM + text.count / 4)
      output.count += ck_encode_words(
        &view, &caches.view, base, &cursor, text.count, output.free, output.room, &long)
      if long.end > 0 {
        encodeLong(UnsafeBufferPointer(rebasing: text[long.start..<long.end]), isPiece: long.is_piece != 0)
      }
    }
  }

  private func encodeLong(_ word: UnsafeBufferPointer<UInt8>, isPiece: Bool) {
    output.reserve(word.count)
    if view.vocabulary.slots != nil, view.symbols == nil, !isPiece {
      let number = ck_vocabulary_find(&view.vocabulary, word.baseAddress, word.count)
      if number >= 0 { return output.append(Int32(bitPattern: view.vocabulary.ids[Int(number)])) }
    }
    let count = ck_first_symbols(&view, word.baseAddress, word.count, output.free)
    let first = UnsafeMutableBufferPointer(start: output.free, count: count)
    output.count += LongWordMerger(table: tables.merges, first: first).merge(output: output.free)
  }
}

/// Ids written by the kernels, with room that grows.
struct IDBuffer {
  private var ids: UnsafeMutablePointer<UInt32>
  private var capacity: Int
  var count = 0

  init() {
    capacity = 1 << 14
    ids = .allocate(capacity: capacity)
  }

  func deallocate() { ids.deallocate() }

  /// Behind the last id.
  var free: UnsafeMutablePointer<UInt32> { ids + count }
  var room: Int { capacity - count }

  mutating func append(_ id: Int32) {
    reserve(1)
    ids[count] = UInt32(bitPattern: id)
    count += 1
  }

  mutating func reserve(_ more: Int) {
    if count + more <= capacity { return }
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt32>.allocate(capacity: larger)
    moved.update(from: ids, count: count)
    ids.deallocate()
    ids = moved
    capacity = larger
  }

  func copy(to list: inout [Int32]) {
    ids.withMemoryRebound(to: Int32.self, capacity: max(count, 1)) { ids in
      list.append(contentsOf: UnsafeBufferPointer(start: ids, count: count))
    }
  }
}
