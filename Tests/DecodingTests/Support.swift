import Bytes
import Decoding
import Glibc

/// Everything a reader gives, and the failure that ended it.
struct Outcome {
  var items: [ReadItem] = []
  /// The position after each item.
  var positions: [ReadPosition] = []
  var failure: ReadFailure?

  var documents: [RawDocument] { items.compactMap { if case .document(let document) = $0 { document } else { nil } } }
  var badLines: [BadLine] { items.compactMap { if case .badLine(let line) = $0 { line } else { nil } } }
  var texts: [String] { documents.map { String(decoding: $0.text, as: UTF8.self) } }
}

func readAll(
  _ source: any ByteSource, _ format: FileFormat, settings: ReadSettings = ReadSettings(),
  options: SourceOptions = SourceOptions(),
  resumeAt: ReadPosition = .start
) -> Outcome {
  let reader = DocumentReader(source: source, format: format, settings: settings, options: options, resumeAt: resumeAt)
  var outcome = Outcome()
  do throws(ReadFailure) {
    while let item = try reader.next() {
      outcome.items.append(item)
      outcome.positions.append(reader.position)
    }
  } catch {
    outcome.failure = error
  }
  return outcome
}

func readAll(_ bytes: [UInt8], _ kind: FileFormat.Kind, resumeAt: ReadPosition = .start) -> Outcome {
  readAll(MemorySource(bytes), FileFormat(kind), resumeAt: resumeAt)
}

func readAll(_ text: String, _ kind: FileFormat.Kind) -> Outcome { readAll(Array(text.utf8), kind) }

/// Gives at most `step` bytes a read: every boundary falls everywhere.
final class DrippingSource: ByteSource {
  private let source: MemorySource
  private let step: Int

  init(_ bytes: [UInt8], step: Int) {
    source = MemorySource(bytes)
    self.step = step
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(step, buffer.count)]))
  }
}

/// Real files for tests, beside the repository; absent on most machines.
enum SharedData {
  static let folder: String = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/" + root + "/../shared/data/"
  }()

  static func isPresent(_ path: String) -> Bool {
    let present = access(folder + path, R_OK) == 0
    if !present { print("skipped: ../shared/data/\(path) is not there") }
    return present
  }

  static func bytes(_ path: String) -> [UInt8] {
    guard let file = fopen(folder + path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// The regular files of a .tar.zst whose path passes `wanted`.
  static func unpack(_ path: String, wanted: (String) -> Bool) throws -> [(name: String, bytes: [UInt8])] {
    let source = ZstdSource(MemorySource(bytes(path)), settings: ReadSettings())
    var archive: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { break }
      archive += chunk[..<count]
    }
    return tarFiles(archive, wanted: wanted)
  }

  private static func tarFiles(_ archive: [UInt8], wanted: (String) -> Bool) -> [(name: String, bytes: [UInt8])] {
    var files: [(name: String, bytes: [UInt8])] = []
    var index = 0
    while index + 512 <= archive.count, archive[index] != 0 {
      let name = String(decoding: archive[index..<(index + 100)].prefix { $0 != 0 }, as: UTF8.self)
      let prefix = String(decoding: archive[(index + 345)..<(index + 500)].prefix { $0 != 0 }, as: UTF8.self)
      let digits = String(decoding: archive[(index + 124)..<(index + 135)].prefix { $0 > 0x20 }, as: UTF8.self)
      let size = Int(digits, radix: 8) ?? 0
      let path =
        prefix.isEmpty || !archive[(index + 257)...].starts(with: Array("ustar\0".utf8)) ? name : prefix + "/" + name
      let start = index + 512
      if archive[index + 156] == 0x30 || archive[index + 156] == 0, wanted(path) {
        files.append((path, Array(archive[start..<(start + size)])))
      }
      index = start + (size + 511) / 512 * 512
    }
    return files
  }
}
