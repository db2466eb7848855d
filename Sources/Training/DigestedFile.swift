import Bytes
import Posix

/// Name, size and digest of one file of a checkpoint.
public struct FileRecord: Equatable, Sendable {
  public let name: String
  public let size: Int
  /// Hexadecimal.
  public let sha256: String

  public init(name: String, size: Int, sha256: String) {
    self.name = name
    self.size = size
    self.sha256 = sha256
  }

  var json: JSONValue { .object(["name": .string(name), "size": .integer(size), "sha256": .string(sha256)]) }

  init?(_ json: JSONValue) {
    guard let name = json["name"]?.string, let size = json["size"]?.integer, let sha256 = json["sha256"]?.string else {
      return nil
    }
    self.init(name: name, size: size, sha256: sha256)
  }

  /// Whether the file in `folder` has this size and, when asked, this digest.
  func matches(in folder: Directory, digest: Bool) throws(SystemError) -> Bool {
    let file: File
    do throws(SystemError) {
      file = try folder.openFile(Path(name))
    } catch {
      if error.isMissing { return false }
      throw error
    }
    if try file.status().size != size { return false }
    if !digest { return true }
    return try MappedFile(file).sha256 == sha256
  }
}

extension MappedFile {
  /// Hexadecimal. Gigabytes take their time: each part is a sign of life.
  public var sha256: String {
    var digest = Digest()
    for start in stride(from: 0, to: bytes.count, by: 64 << 20) {
      digest.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 64 << 20, bytes.count)]))
      ServiceNotify.beat()
    }
    return Digest.hex(digest.finish())
  }
}

/// A file being written whose digest is taken on the way.
final class DigestedFile {
  private let file: File
  private let name: String
  private var digest = Digest()
  private var size = 0
  private var writeBack = WriteBack()

  init(_ name: String, in folder: Directory) throws(SystemError) {
    self.name = name
    file = try folder.createFile(Path(name))
  }

  /// A tensor may be gigabytes: each part that is written is a sign of life.
  private static let part = 64 << 20

  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let end = min(bytes.count, done + DigestedFile.part)
      let part = UnsafeRawBufferPointer(rebasing: bytes[done..<end])
      try file.write(part)
      digest.update(part)
      ServiceNotify.beat()
      try writeBack.wrote(part.count, to: file)
      done = end
    }
    size += bytes.count
  }

  func write(_ bytes: [UInt8]) throws(SystemError) {
    let result = bytes.withUnsafeBytes { bytes in Result { () throws(SystemError) in try write(bytes) } }
    try result.get()
  }

  /// Everything is on the disk when this returns.
  func finish() throws(SystemError) -> FileRecord {
    try file.sync()
    return FileRecord(name: name, size: size, sha256: Digest.hex(digest.finish()))
  }
}
