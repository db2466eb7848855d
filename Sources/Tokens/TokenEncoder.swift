/// Turns text into ids. Not for sharing: each thread makes its own (`Tokenizer.makeEncoder()`), with its own word cache.
public final class TokenEncoder {
  private let tables: EncodingTables
  private let matchers: [AddedTokenMatcher]
  private let cache: WordCache
  private let merger: WordMerger
  private var output: UnsafeMutablePointer<Int32>
  private var capacity: Int
  private var count = 0

  init(tables: EncodingTables, matchers: [AddedTokenMatcher], cacheEntries: Int) {
    self.tables = tables
    self.matchers = matchers.filter { !$0.isEmpty }
    cache = WordCache(entries: cacheEntries)
    merger = WordMerger(table: tables.merges)
    capacity = 1 << 14
    output = .allocate(capacity: capacity)
  }

  deinit {
    cache.deallocate()
    merger.deallocate()
    output.deallocate()
  }

  /// Appends the ids of `text` (UTF-8) to `ids`. The end of the document is not marked.
  public func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
    count = 0
    if let base = text.baseAddress { encodePieces(base, from: 0, to: text.count, pass: 0) }
    ids.append(contentsOf: UnsafeBufferPointer(start: output, count: count))
  }

  /// The ids of `text` (UTF-8).
  public func encode(_ text: [UInt8]) -> [Int32] {
    var ids: [Int32] = []
    text.withUnsafeBufferPointer { encode($0, into: &ids) }
    return ids
  }

  /// Cuts the text at the added tokens of matcher `pass`; what lies between goes through the next matcher.
  private func encodePieces(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, pass: Int) {
    if pass == matchers.count {
      if start < end { encodeWords(base + start, count: end - start) }
      return
    }
    var position = start
    while let match = matchers[pass].firstMatch(base, from: position, to: end) {
      encodePieces(base, from: position, to: match.start, pass: pass + 1)
      reserve(1)
      output[count] = match.id
      count += 1
      position = match.end
    }
    encodePieces(base, from: position, to: end, pass: pass + 1)
  }

  private func encodeWords(_ base: UnsafePointer<UInt8>, count textCount: Int) {
    let scanner = WordScanner(base: base, count: textCount, pattern: tables.pattern)
    let cache = cache
    var start = 0
    while start < textCount {
      let end = scanner.wordEnd(from: start)
      let length = end &- start
      reserve(length &+ WordCache.mostIDs)
      if length <= WordCache.longestWord {
        let key = WordCache.key(base, start, length, end: textCount)
        let set = cache.set(key)
        var written = cache.find(key, set: set, output: output + count)
        if written < 0 {
          written = encodeWord(base + start, count: length)
          cache.insert(key, set: set, ids: output + count, count: written)
        }
        count &+= written
      } else {
        count &+= encodeWord(base + start, count: length)
      }
      start = end
    }
  }

  /// Writes the ids of one word behind the output; returns how many.
  private func encodeWord(_ word: UnsafePointer<UInt8>, count length: Int) -> Int {
    if let whole = tables.wholeWords?.find(UnsafeBufferPointer(start: word, count: length)) {
      output[count] = tables.wholeWordIDs[whole]
      return 1
    }
    return merger.merge(word, count: length, output: output + count)
  }

  @inline(__always)
  private func reserve(_ more: Int) {
    if count &+ more > capacity { grow(more) }
  }

  private func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<Int32>.allocate(capacity: larger)
    moved.update(from: output, count: count)
    output.deallocate()
    output = moved
    capacity = larger
  }
}

/// What all encoders of one tokenizer share, read only.
final class EncodingTables: Sendable {
  let pattern: SplitPattern
  let merges: MergeTable
  /// The vocabulary by bytes, present only if whole words go before merges.
  let wholeWords: ByteStringTable?
  let wholeWordIDs: [Int32]

  init(_ definition: TokenizerDefinition) {
    pattern = definition.pattern
    var byteIDs = [UInt32](repeating: MergeTable.missing, count: 256)
    var words = ByteStringTable(capacity: definition.ignoreMerges ? definition.tokens.count : 1)
    var ids: [Int32] = []
    for (id, token) in definition.tokens.enumerated() {
      guard let token, !definition.literalIDs.contains(Int32(id)) else { continue }
      if token.count == 1 { byteIDs[Int(token[0])] = UInt32(id) }
      if definition.ignoreMerges, words.insert(token) == ids.count { ids.append(Int32(id)) }
    }
    merges = MergeTable(merges: definition.merges, byteIDs: byteIDs)
    wholeWords = definition.ignoreMerges ? words : nil
    wholeWordIDs = ids
  }
}
