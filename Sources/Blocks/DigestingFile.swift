import Bytes
import Posix

/// A new file whose SHA-256 is computed while it is written; memory is one staging buffer.
final class DigestingFile {
  private let file: File
  private var digest = Digest()
  private let staging = UnsafeMutableRawBufferPointer.allocate(byteCount: DigestingFile.stagingBytes, alignment: 64)
  private var staged = 0
  private var writeBack = WriteBack()
  private(set) var size = 0
  static let stagingBytes = 1 << 18

  init(_ directory: Directory, _ name: Path) throws(SystemError) { file = try directory.createTemporary(name) }

  deinit { staging.deallocate() }

  /// Room for at least `bytes` (at most the staging buffer); `commit` says how much of it was filled.
  func reserve(_ bytes: Int) throws(SystemError) -> UnsafeMutableRawPointer {
    if staged + bytes > staging.count { try flush() }
    return staging.baseAddress! + staged
  }

  func commit(_ bytes: Int) { staged += bytes }

  func write(_ bytes: [UInt8]) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = min(bytes.count - done, staging.count)
      let target = try reserve(count)
      bytes.withUnsafeBytes { target.copyMemory(from: $0.baseAddress! + done, byteCount: count) }
      commit(count)
      done += count
    }
  }

  func flush() throws(SystemError) {
    if staged == 0 { return }
    let bytes = UnsafeRawBufferPointer(rebasing: staging[..<staged])
    try file.write(bytes)
    digest.update(bytes)
    try writeBack.wrote(staged, to: file)
    size += staged
    staged = 0
  }

  /// Everything on disk; what the manifest says of the file.
  func finish(_ name: Path) throws(SystemError) -> BlockManifest.FileEntry {
    try flush()
    try file.sync()
    return BlockManifest.FileEntry(name: name.description, size: size, sha256: Digest.hex(digest.finish()))
  }
}
