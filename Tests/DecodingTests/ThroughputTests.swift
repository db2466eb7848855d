import Decoding
import Glibc
import Testing

/// Prints MB/s of reading JSON Lines; only a release build says something, so nothing is asserted about speed.
@Suite struct ThroughputTests {
  @Test(
    "throughput", .enabled(if: SharedData.isPresent("corpus/zh/lawrefbook.jsonl.zst")),
    arguments: ["corpus/zh/lawrefbook.jsonl.zst", "corpus/en/ms-cpp-docs.jsonl.zst", "corpus/code/rust-src.jsonl.zst"])
  func jsonLines(path: String) throws {
    let packed = SharedData.bytes(path)
    let source = ZstdSource(MemorySource(packed), settings: ReadSettings())
    var plain: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 || plain.count > 8 << 20 { break }
      plain += chunk[..<count]
    }
    for (label, bytes, format) in [
      ("plain", plain, FileFormat(.jsonLines)), ("zstd", packed, FileFormat(.jsonLines, compression: .zstd)),
    ] {
      let start = threadSeconds()
      var size = 0
      var documents = 0
      let reader = DocumentReader(
        source: MemorySource(bytes), format: format, settings: ReadSettings(), options: SourceOptions())
      while let item = try? reader.next() {
        guard case .document(let document) = item else { continue }
        size += document.text.count
        documents += 1
        if size > 8 << 20 { break }
      }
      let seconds = threadSeconds() - start
      print("\(path) \(label): \(documents) documents, \(Int(Double(size) / seconds / 1e6)) MB/s of text")
      #expect(documents > 0)
    }
  }
}

/// Processor seconds of this thread: other work on the machine does not count.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
