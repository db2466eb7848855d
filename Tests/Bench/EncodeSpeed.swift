import Parallel
import Posix
import Synchronization
import Tokens

/// How fast a tokenizer encodes a text that it has not seen: two parts of it, cut into documents of some 8 KiB.
struct EncodeSpeed {
  let tokenizer: Tokenizer
  /// Of processor time.
  let loadSeconds: Double
  private let documents: [ArraySlice<UInt8>]

  init(tokenizer file: String, text: String) throws {
    let json = try Self.read(file)
    let used = Bench.processorSeconds()
    tokenizer = try Tokenizer(json: json)
    loadSeconds = Bench.processorSeconds() - used
    documents = Self.cut(try Self.read(text))
  }

  private static func read(_ path: String) throws -> [UInt8] {
    let name = path.hasPrefix("/") ? String(path.dropFirst()) : path
    return try Directory(path.hasPrefix("/") ? "/" : ".").openFile(Path(name)).readAll()
  }

  private static func cut(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var documents: [ArraySlice<UInt8>] = []
    var start = 0
    while start < text.count {
      let from = min(start + 8192, text.count)
      let end = text[from...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.count
      documents.append(text[start..<end])
      start = end
    }
    return documents
  }

  /// One line of JSON: seconds of the first pass over one part (cold), of the first over another (steady), and of a
  /// second over that (warm), by the clock and of processor time.
  func run(megabytes: Double, threads: Int) throws {
    let first = part(from: 0, megabytes)
    let second = part(from: first.count, megabytes)
    let encoders = Encoders((0..<threads).map { _ in tokenizer.makeEncoder() })
    let pool = WorkerPool(threads: threads)
    var fields = ["\"load_s\": \(loadSeconds)", "\"peak_mb\": \(Memory().peak)"]
    for (name, documents) in [("cold", first), ("steady", second), ("warm", second)] {
      let (wall, used) = (Clock.monotonic(), Bench.processorSeconds())
      let tokens = encoders.encode(documents, pool)
      fields.append("\"\(name)_s\": \(Clock.monotonic() - wall)")
      fields.append("\"\(name)_cpu_s\": \(Bench.processorSeconds() - used)")
      if name == "warm" { fields.append("\"tokensB\": \(tokens)") }
    }
    fields.append("\"bytesA\": \(first.reduce(0) { $0 + $1.count })")
    fields.append("\"bytesB\": \(second.reduce(0) { $0 + $1.count })")
    fields.append("\"peak_after_mb\": \(Memory().peak)")
    StandardStreams.print("{\(fields.joined(separator: ", "))}")
  }

  private func part(from start: Int, _ megabytes: Double) -> ArraySlice<ArraySlice<UInt8>> {
    var end = start
    var bytes = 0
    while end < documents.count, Double(bytes) < megabytes * 1e6 {
      bytes += documents[end].count
      end += 1
    }
    return documents[start..<end]
  }

  /// Encoders are not shared: worker n uses encoder n.
  private final class Encoders: @unchecked Sendable {
    private let list: [TokenEncoder]
    init(_ list: [TokenEncoder]) { self.list = list }

    /// All ids, a list for each group of documents; how many.
    func encode(_ documents: ArraySlice<ArraySlice<UInt8>>, _ pool: WorkerPool) -> Int {
      let next = Atomic<Int>(documents.startIndex)
      let total = Atomic<Int>(0)
      pool.run(pool.threads) { worker in
        var lists: [[Int32]] = []
        while true {
          let from = next.wrappingAdd(64, ordering: .relaxed).oldValue
          if from >= documents.endIndex { break }
          let group = documents[from..<min(from + 64, documents.endIndex)]
          var ids: [Int32] = []
          ids.reserveCapacity(group.reduce(0) { $0 + $1.count } / 2)
          for document in group {
            document.withUnsafeBufferPointer { self.list[worker].encode($0, into: &ids) }
          }
          lists.append(ids)
        }
        total.wrappingAdd(lists.reduce(0) { $0 + $1.count }, ordering: .relaxed)
      }
      return total.load(ordering: .relaxed)
    }
  }
}
