/// Turns text into ids. Not for sharing: each thread makes its own (`Tokenizer.makeEncoder()`), with its own word
/// cache.
public final class TokenEncoder {
  private let tables: EncodingTables
  private let joints: CharacterJoints
  private let looksUpWholeWords: Bool
  private let matchers: [AddedTokenMatcher]
  private let cache: WordCache
  private let merger: WordMerger
  private var output: UnsafeMutablePointer<Int32>
  private var capacity: Int
  private var count = 0
  /// Words of fewer bytes are not worth cutting.
  private static let shortestCut = 6

  init(tables: EncodingTables, matchers: [AddedTokenMatcher], cacheEntries: Int) {
    self.tables = tables
    joints = tables.joints
    looksUpWholeWords = tables.wholeWords != nil
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
    var start = 0
    while start < textCount {
      let end = scanner.wordEnd(from: start)
      let length = end &- start
      reserve(length &+ WordCache.mostIDs)
      if length >= Self.shortestCut, base[start] >= 0xE0 || base[end &- 1] >= 0x80 {
        encodePieces(of: base, from: start, to: end, textEnd: textCount)
      } else {
        encode(base, from: start, to: end, textEnd: textCount, wholeWord: true)
      }
      start = end
    }
  }

  /// Cuts a word where no token spans two characters, and encodes what lies between.
  private func encodePieces(of base: UnsafePointer<UInt8>, from wordStart: Int, to wordEnd: Int, textEnd: Int) {
    let joints = joints
    var start = wordStart
    var position = wordStart
    var previous: UInt32 = 0
    while position &+ 2 < wordEnd {
      let lead = base[position]
      guard lead & 0xF0 == 0xE0, base[position &+ 1] & 0xC0 == 0x80, base[position &+ 2] & 0xC0 == 0x80 else {
        previous = 0
        position &+= 1
        continue
      }
      let code =
        UInt32(lead & 0x0F) << 12 | UInt32(base[position &+ 1] & 0x3F) << 6 | UInt32(base[position &+ 2] & 0x3F)
      if previous != 0, !joints.joined(previous, code) {
        encode(base, from: start, to: position, textEnd: textEnd, wholeWord: false)
        start = position
      }
      previous = code
      position &+= 3
    }
    encode(base, from: start, to: wordEnd, textEnd: textEnd, wholeWord: start == wordStart)
  }

  /// Encodes a word, or a piece of one, through the cache if it is short. There is room for its ids.
  @inline(__always)
  private func encode(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, textEnd: Int, wholeWord: Bool
  ) {
    let length = end &- start
    if length > WordCache.longestWord {
      count &+= encodeUncached(base + start, count: length, wholeWord: wholeWord)
      return
    }
    var key = WordCache.key(base, start, length, end: textEnd)
    // Where whole words are looked up, a piece of a word may become other ids than the same bytes alone.
    if !wholeWord, looksUpWholeWords { key.high |= 1 << 63 }
    let set = cache.set(key)
    var written = cache.find(key, set: set, output: output + count)
    if written < 0 {
      written = encodeUncached(base + start, count: length, wholeWord: wholeWord)
      cache.insert(key, set: set, ids: output + count, count: written)
    }
    count &+= written
  }

  /// Writes the ids behind the output; returns how many.
  private func encodeUncached(_ word: UnsafePointer<UInt8>, count length: Int, wholeWord: Bool) -> Int {
    if wholeWord, looksUpWholeWords,
      let whole = tables.wholeWords?.find(UnsafeBufferPointer(start: word, count: length))
    {
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
  let joints: CharacterJoints

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
    joints = CharacterJoints(tokens: definition.tokens.lazy.compactMap { $0 })
    merges = MergeTable(merges: definition.merges, byteIDs: byteIDs)
    wholeWords = definition.ignoreMerges ? words : nil
    wholeWordIDs = ids
  }

  deinit {
    merges.deallocate()
    joints.deallocate()
  }
}
