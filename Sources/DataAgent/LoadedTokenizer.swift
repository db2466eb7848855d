import Bytes
import Parallel
import Posix
import Synchronization
import Tokens

/// The spool's tokenizer with an encoder a thread.
final class LoadedTokenizer {
  let tokenizer: Tokenizer
  /// SHA-256 of tokenizer.json in hexadecimal.
  let digest: String
  let endOfDocument: Int32
  private let pool: WorkerPool
  private let encoders: Encoders

  /// Encoders keep word caches and are not shared: worker n uses encoder n.
  private final class Encoders: @unchecked Sendable {
    let list: [TokenEncoder]
    init(_ list: [TokenEncoder]) { self.list = list }
  }

  struct Unusable: Error, CustomStringConvertible {
    let description: String
  }

  init(json: [UInt8], pool: WorkerPool) throws {
    tokenizer = try Tokenizer(json: json)
    guard let end = tokenizer.endOfDocument else {
      throw Unusable(
        description:
          "tokenizer/tokenizer.json: no token ends a document: add <|endoftext|> as an added token")
    }
    endOfDocument = end
    digest = Hex.encode(Digest.sha256(json))
    self.pool = pool
    // Text that looks like a special token is text: a document must not be able to end itself.
    let tokenizer = tokenizer
    encoders = Encoders((0..<pool.threads).map { _ in tokenizer.makeEncoder(matchSpecial: false) })
  }

  var vocabulary: Int { tokenizer.vocabularySize }

  /// One document on the calling thread, with its end token. Never while `encodeAll` runs.
  func encode(_ text: [UInt8]) -> [Int32] {
    var ids = encoders.list[0].encode(text)
    ids.append(endOfDocument)
    return ids
  }

  /// All texts on all threads, each with its end token; nil texts stay empty.
  /// - Parameter taking: told which text a worker begins, and nil when it has no more.
  func encodeAll(
    _ texts: [[UInt8]?], taking: @Sendable (_ worker: Int, _ index: Int?) -> Void = { _, _ in }
  ) -> [[Int32]] {
    let next = Atomic<Int>(0)
    let results = Mutex([[Int32]](repeating: [], count: texts.count))
    let end = endOfDocument
    let encoders = encoders
    pool.run(pool.threads) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= texts.count {
          taking(worker, nil)
          return
        }
        guard let text = texts[index] else { continue }
        ServiceNotify.beat()
        taking(worker, index)
        var ids: [Int32] = []
        text.withUnsafeBufferPointer { encoders.list[worker].encode($0, into: &ids) }
        ids.append(end)
        results.withLock { $0[index] = ids }
      }
    }
    return results.withLock { $0 }
  }
}
