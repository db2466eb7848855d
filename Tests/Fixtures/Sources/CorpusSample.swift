import Bytes
import CZstd
import Glibc

/// Every k-th document of a labelled corpus folder, where the data is there.
public struct CorpusSample {
  public let file: String
  public let texts: [[UInt8]]

  /// Samples of all `.jsonl.zst` files of `../shared/data/corpus/<folder>`, at most `documents` each; nil without data.
  public static func load(_ folder: String, documents: Int) -> [CorpusSample]? {
    let path = SharedData.path("corpus/\(folder)")
    guard let directory = opendir(path) else {
      print("skipped: no corpus at \(path)")
      return nil
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".jsonl.zst") { names.append(name) }
    }
    return names.sorted().map { CorpusSample(file: "\(folder)/\($0)", texts: texts("\(path)/\($0)", most: documents)) }
  }

  private static func texts(_ path: String, most: Int) -> [[UInt8]] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var packed = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    fread(&packed, 1, packed.count, file)
    var plain = [UInt8](repeating: 0, count: 64 << 20)
    let size = ZSTD_decompress(&plain, plain.count, packed, packed.count)
    guard ZSTD_isError(size) == 0 else { return [] }
    let ends = plain.withUnsafeBufferPointer { lineEnds($0, size) }
    let step = max(1, ends.count / most)
    return stride(from: 0, to: ends.count, by: step).prefix(most).compactMap { place in
      text(Array(plain[(place == 0 ? 0 : ends[place - 1] + 1)..<ends[place]]))
    }
  }

  private static func lineEnds(_ bytes: UnsafeBufferPointer<UInt8>, _ size: Int) -> [Int] {
    var ends: [Int] = []
    var start = 0
    while start < size, let found = memchr(bytes.baseAddress! + start, 0x0A, size - start) {
      ends.append(UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!))
      start = ends[ends.count - 1] + 1
    }
    return ends
  }

  private static func text(_ line: [UInt8]) -> [UInt8]? {
    line.withUnsafeBufferPointer { line in
      guard let fields = try? JSONFields(line), let value = fields.value(Array("text".utf8), in: line) else {
        return nil
      }
      return try? JSONFields.text(value, in: line)
    }
  }
}
