import Bytes
import Console
import DataAgent
import Parallel
import Posix
import Spool
import Synchronization
import Tokens

enum TokenizerCommand {
  static let file = Flag("tokenizer", "FILE", "tokenizer.json (default: the spool's)")
  static let encode = Command(
    "tokenizer encode", "", "JSON lines with `text` to a JSON array of ids a line",
    flags: [
      file, Flag("threads", "N", "threads (default 1)"), Flag("stats", "", "MB/s on standard error"),
      Flag("no-special", "", "text that looks like a special token is text, as in blocks"),
    ])
  static let decode = Command(
    "tokenizer decode", "", "JSON arrays of ids, one a line, to JSON lines with `text`", flags: [file])

  static func tokenizer(_ context: Context) throws -> Tokenizer {
    if let file = context.words.value("tokenizer") { return try Tokenizer(json: try context.readFile(Path(file))) }
    return try Tokenizer(json: try context.existingSpool().tokenizer.read("tokenizer.json"))
  }

  /// One that lint and extend can judge.
  static func byteLevel(_ context: Context) throws -> Tokenizer {
    let tokenizer = try tokenizer(context)
    if tokenizer.definition.characters != nil {
      throw UsageError("this is a model over characters (SentencePiece); only byte-level ones can be judged here")
    }
    return tokenizer
  }

  @Sendable static func runEncode(_ context: Context) throws -> Int32 {
    let tokenizer = try tokenizer(context)
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    let matchSpecial = !context.words.has("no-special")
    let encoders = Encoders((0..<pool.threads).map { _ in tokenizer.makeEncoder(matchSpecial: matchSpecial) })
    var bytes = 0
    var seconds = 0.0
    try JSONLinesFilter.run { lines, first in
      let texts = try lines.enumerated().map { try JSONLinesFilter.text($1, first + $0) }
      bytes += texts.reduce(0) { $0 + $1.count }
      let start = Clock.monotonic()
      let ids = encoders.encode(texts, pool)
      seconds += Clock.monotonic() - start
      return ids.flatMap { JSONWriter.compact(.array($0.map { .integer(Int($0)) })) + [0x0A] }
    }
    if context.words.has("stats") {
      StandardStreams.say("\(bytes) bytes in \(seconds) s: \((Double(bytes) / seconds / 1e5).rounded() / 10) MB/s")
    }
    return ExitCode.done
  }

  private final class Encoders: @unchecked Sendable {
    private let list: [TokenEncoder]
    init(_ list: [TokenEncoder]) { self.list = list }

    /// Encoders are not shared: worker n uses encoder n.
    func encode(_ texts: [[UInt8]], _ pool: WorkerPool) -> [[Int32]] {
      let next = Atomic<Int>(0)
      let results = Mutex([[Int32]](repeating: [], count: texts.count))
      pool.run(pool.threads) { worker in
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if index >= texts.count { return }
          let ids = list[worker].encode(texts[index])
          results.withLock { $0[index] = ids }
        }
      }
      return results.withLock { $0 }
    }
  }

  @Sendable static func runDecode(_ context: Context) throws -> Int32 {
    let tokenizer = try tokenizer(context)
    try JSONLinesFilter.run { lines, first in
      var output: [UInt8] = []
      for (index, line) in lines.enumerated() {
        guard let ids = (try? JSONParser.parse(line))?.array?.compactMap(\.integer) else {
          throw BadStreamLine(number: first + index, reason: "not a JSON array of ids")
        }
        let text = String(decoding: tokenizer.decode(ids.map { Int32($0) }), as: UTF8.self)
        output += JSONWriter.compact(.object(["text": .string(text)])) + [0x0A]
      }
      return output
    }
    return ExitCode.done
  }
}
