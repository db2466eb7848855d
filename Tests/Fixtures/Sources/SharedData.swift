import Bytes
import CZstd
import Glibc

/// Real documents beside the repository, where there are any.
public enum SharedData {
  /// The file's bytes, decompressed; nil, said aloud, when it is not there.
  public static func read(_ name: String) -> [UInt8]? {
    let path = path(name)
    guard let file = fopen(path, "r") else {
      print("skipped: \(path) is not there")
      return nil
    }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    guard fread(&bytes, 1, bytes.count, file) == bytes.count else { return nil }
    return name.hasSuffix(".zst") ? decompressed(bytes) : bytes
  }

  public static func path(_ name: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(root)/../shared/data/\(name)"
  }

  private static func decompressed(_ bytes: [UInt8]) -> [UInt8]? {
    let stream = ZSTD_createDCtx()
    defer { ZSTD_freeDCtx(stream) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var result: [UInt8] = []
    let isWhole = bytes.withUnsafeBytes { source in
      var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      while input.pos < input.size {
        let made: Int? = chunk.withUnsafeMutableBytes { target in
          var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          return ZSTD_isError(ZSTD_decompressStream(stream, &output, &input)) != 0 ? nil : output.pos
        }
        guard let made else { return false }
        result += chunk[..<made]
      }
      return true
    }
    return isWhole ? result : nil
  }

  /// Every `step`-th line: debug builds are slow.
  public static func lines(_ bytes: [UInt8], every step: Int = 1) -> [ArraySlice<UInt8>] {
    bytes.split(separator: 0x0A).enumerated().filter { $0.offset % step == 0 }.map(\.element)
  }

  public static func field(_ key: String, in line: ArraySlice<UInt8>) throws -> [UInt8] {
    try line.withUnsafeBufferPointer { line in
      guard let value = try JSONFields(line).value(Array(key.utf8), in: line) else { return [] }
      return try JSONFields.text(value, in: line) ?? Array(line[value])
    }
  }
}
