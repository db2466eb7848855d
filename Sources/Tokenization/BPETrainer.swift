import Tokens

/// Learns a byte-level BPE vocabulary: counts the words of the text it is given, then merges the most frequent pairs.
///
/// With equal settings (`min_frequency`, no limit on token length, the byte alphabet) the merges are those of Hugging
/// Face's `BpeTrainer`: highest count first, of equals the lower pair of ids. The result depends only on the text, not
/// on the order in which it came (unless the memory limit is met).
public struct BPETrainer {
  public let pattern: SplitPattern
  private var words = ByteStringTable(capacity: 1 << 16)
  private var counts: [UInt32] = []
  /// Bytes of text seen.
  public private(set) var byteCount = 0

  /// The distinct words kept may not hold more bytes than this (training takes some 17 bytes for each); new words
  /// that come later are passed over. 100 MB of mixed text has about 30 MB.
  static let mostBytes = 512 << 20

  public init(pattern: SplitPattern = .qwen2) { self.pattern = pattern }

  /// Distinct words met so far.
  public var wordCount: Int { words.count }

  /// Counts the words of one document.
  public mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else { return }
    byteCount += text.count
    let scanner = WordScanner(base: base, count: text.count, pattern: pattern)
    var start = 0
    while start < text.count {
      let end = scanner.wordEnd(from: start)
      count(UnsafeBufferPointer(start: base + start, count: end - start))
      start = end
    }
  }

  public mutating func add(_ text: [UInt8]) { text.withUnsafeBufferPointer { add($0) } }

  private mutating func count(_ word: UnsafeBufferPointer<UInt8>) {
    if words.byteCount + words.count + word.count > Self.mostBytes, words.find(word) == nil { return }
    let number = words.insert(word)
    if number == counts.count {
      counts.append(1)
    } else if counts[number] < .max {
      counts[number] += 1
    }
  }

  /// Trains a vocabulary of exactly `vocabularySize` ids: the 256 bytes, the merges, the `special` tokens, and
  /// `<|reserved_0|>` ... up to the end: `reserved` of them, more if the text is too small for all the merges.
  ///
  /// A pair must be met `minimumFrequency` times to be merged (at least 1; Hugging Face's default 0 means the same).
  public consuming func train(
    vocabularySize: Int, reserved: Int, special: [String] = ["<|endoftext|>"], minimumFrequency: Int = 2
  ) throws(TokenizerError) -> TokenizerDefinition {
    let definition = try train(
      vocabularySize: vocabularySize, reserved: reserved, special: special, minimumFrequency: minimumFrequency
    ) { true }
    guard let definition else { preconditionFailure("it was not given up") }
    return definition
  }

  /// The same; `goesOn` is asked at every merge, and nil is the answer when it says no.
  public consuming func train(
    vocabularySize: Int, reserved: Int, special: [String] = ["<|endoftext|>"], minimumFrequency: Int = 2,
    goesOn: () -> Bool
  ) throws(TokenizerError) -> TokenizerDefinition? {
    let room = vocabularySize - reserved - special.count
    if room < 256 {
      throw .inconsistent(
        part: "vocab_size", reason: "\(vocabularySize) ids less \(reserved) reserved leave no room for the 256 bytes")
    }
    let pattern = pattern
    let merged = PairMerging.train(
      words: consumeWords(), vocabularySize: room, minimumFrequency: max(1, minimumFrequency), goesOn: goesOn)
    guard let model = merged else { return nil }
    var added: [AddedToken] = []
    var texts = special.makeIterator()
    for id in model.tokens.count..<vocabularySize {
      let text = texts.next() ?? "<|reserved_\(added.count - special.count)|>"
      added.append(AddedToken(id: Int32(id), content: Array(text.utf8)))
    }
    return TokenizerDefinition(
      pattern: pattern, tokens: model.tokens.map { $0 }, merges: model.merges, addedTokens: added)
  }

  /// Lays the words out for merging and lets go of the table.
  private consuming func consumeWords() -> WordCells {
    WordCells(words: words, counts: counts)
  }
}
