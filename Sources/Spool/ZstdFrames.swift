import Bytes
import CZstd

/// The Zstandard seekable format: independent frames of 256 KiB of text, and a table of them in a skippable frame at
/// the
/// end (facebook/zstd, contrib/seekable_format, zstd_seekable_compression_format.md). Any zstd reads it as one stream.
public enum ZstdFrames {
  public static let frameBytes = 256 * 1024
  static let skippableMagic: UInt32 = 0x184D_2A5E
  static let tableMagic: UInt32 = 0x8F92_EAB1

  /// One frame. `bytes` is at most `frameBytes` long.
  public static func compress(_ bytes: UnsafeRawBufferPointer, level: Int32 = 3) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      let written = ZSTD_compress(buffer.baseAddress, bound, bytes.baseAddress, bytes.count, level)
      precondition(ZSTD_isError(written) == 0, "compression into a large enough buffer cannot fail")
      count = written
    }
  }

  /// The table that ends a file: compressed and plain size of each frame.
  public static func table(_ frames: [(compressed: Int, plain: Int)]) -> [UInt8] {
    var bytes: [UInt8] = []
    LittleEndian.append(skippableMagic, to: &bytes)
    LittleEndian.append(UInt32(8 * frames.count + 9), to: &bytes)
    for frame in frames {
      LittleEndian.append(UInt32(frame.compressed), to: &bytes)
      LittleEndian.append(UInt32(frame.plain), to: &bytes)
    }
    LittleEndian.append(UInt32(frames.count), to: &bytes)
    bytes.append(0)
    LittleEndian.append(tableMagic, to: &bytes)
    return bytes
  }

  /// Where each frame begins in the file; nil when the end of the file is not such a table.
  public static func frames(_ file: UnsafeRawBufferPointer) -> [(offset: Int, compressed: Int, plain: Int)]? {
    guard file.count >= 17, LittleEndian.read(UInt32.self, file, at: file.count - 4) == tableMagic else { return nil }
    let count = Int(LittleEndian.read(UInt32.self, file, at: file.count - 9))
    let start = file.count - 9 - 8 * count
    guard start >= 8 else { return nil }
    var offset = 0
    var frames: [(offset: Int, compressed: Int, plain: Int)] = []
    for index in 0..<count {
      let compressed = Int(LittleEndian.read(UInt32.self, file, at: start + 8 * index))
      let plain = Int(LittleEndian.read(UInt32.self, file, at: start + 8 * index + 4))
      // What we wrote is never larger; a damaged size would be memory asked for.
      if plain > frameBytes { return nil }
      frames.append((offset, compressed, plain))
      offset += compressed
    }
    return offset + 8 == start ? frames : nil
  }

  /// The text of one frame; nil when it is damaged.
  public static func decompress(_ frame: UnsafeRawBufferPointer, plain: Int) -> [UInt8]? {
    var whole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: plain) { buffer, count in
      let written = ZSTD_decompress(buffer.baseAddress, plain, frame.baseAddress, frame.count)
      whole = ZSTD_isError(written) == 0 && written == plain
      count = whole ? written : 0
    }
    return whole ? bytes : nil
  }
}
