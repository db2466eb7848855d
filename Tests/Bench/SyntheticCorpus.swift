import Blocks
import Bytes
import Composition
import Posix

/// Documents of random tokens in token files as the agent keeps them, written once and used again. Each has a subject
/// whose words it likes; lengths are from 40 to 4,000 tokens, most of them short, about 850 on average.
final class SyntheticCorpus {
  static let vocabulary = 50_000
  static let endOfDocument = 0
  static let channels = ["zh", "en", "code"]
  private static let documentsOfBatch = 50_000

  private let folder: Directory
  private(set) var files: [TokenFile] = []
  private(set) var starts: [Int] = []
  private(set) var tokens = 0
  private(set) var documents = 0

  /// - Parameter least: tokens that are there at least.
  init(_ folder: Directory, least: Int) throws {
    self.folder = folder
    while tokens < least {
      let prefix = "batch-\(files.count)"
      if try !TokenFile.exists(folder, prefix: prefix) { try write(prefix, batch: files.count) }
      let file = try TokenFile(folder, prefix: prefix, vocabulary: SyntheticCorpus.vocabulary)
      starts.append(documents)
      files.append(file)
      for index in 0..<file.count { tokens += file.length(index) }
      documents += file.count
    }
  }

  private func write(_ prefix: String, batch: Int) throws {
    let writer = try TokenFileWriter(folder, prefix: prefix, vocabulary: SyntheticCorpus.vocabulary)
    var random = UInt64(batch + 1) &* 0x9E37_79B9_7F4A_7C15
    func next() -> UInt64 {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      return random
    }
    var ids: [Int32] = []
    for _ in 0..<SyntheticCorpus.documentsOfBatch {
      let share = Double(next() % 1_000_000) / 1e6
      let length = 40 + Int(3960 * share * share * share * 0.82)
      let subject = Int32(next() % 2000)
      ids.removeAll(keepingCapacity: true)
      for _ in 1..<length {
        let value = next()
        // Half are common words, the more common the lower; a fifth are the subject's.
        let rank = Int32((value >> 8) & 0xFFF) &* Int32((value >> 20) & 0xFFF) >> 12
        let kind = value % 10
        ids.append(
          kind < 5 ? 1 + rank : kind < 7 ? 5000 + subject * 8 + rank % 8 : 21_000 + Int32((value >> 33) % 29_000))
      }
      ids.append(Int32(SyntheticCorpus.endOfDocument))
      try ids.withUnsafeBufferPointer { (ids) throws(BlockError) in try writer.append(ids) }
    }
    try writer.publish()
  }

  func length(_ ordinal: Int) -> Int {
    let (file, index) = place(ordinal)
    return files[file].length(index)
  }

  func place(_ ordinal: Int) -> (file: Int, index: Int) {
    (ordinal / SyntheticCorpus.documentsOfBatch, ordinal % SyntheticCorpus.documentsOfBatch)
  }

  /// Four parts zh, four en, two code.
  func channel(_ ordinal: Int) -> UInt8 { [0, 1, 0, 1, 2][ordinal % 5] }
}

/// What the composer asks of it.
final class SyntheticFacts: DocumentFacts {
  let vocabulary = SyntheticCorpus.vocabulary
  let lineEnds = [Bool](repeating: false, count: SyntheticCorpus.vocabulary)
  let paragraphEnds = [Bool](repeating: false, count: SyntheticCorpus.vocabulary)
  private let corpus: SyntheticCorpus

  init(_ corpus: SyntheticCorpus) { self.corpus = corpus }

  func tokens(of ordinal: UInt32, _ range: Range<Int>, into buffer: inout [Int32]) {
    let (file, index) = corpus.place(Int(ordinal))
    corpus.files[file].copy(index, range, into: &buffer)
  }

  func signal(_ name: String, of ordinals: [UInt32]) -> [Float] { ordinals.map { _ in .nan } }
  func embeddings(of ordinals: [UInt32]) -> [[Float]]? { nil }
}
