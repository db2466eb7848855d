import Bytes
import Posix

/// `NAME.ok`: the sender's word that NAME is whole, as its size in bytes and its SHA-256 in hexadecimal.
struct CompletionManifest: Equatable {
  let size: Int
  let sha256: String

  init?(_ bytes: [UInt8]) {
    var size: Int?
    var digest: String?
    for word in bytes.split(whereSeparator: { $0 <= 0x20 || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) {
      let text = String(decoding: word, as: UTF8.self)
      if text.utf8.count == 64, Hex.decode(text) != nil {
        digest = text.lowercased()
      } else if let number = Int(text) {
        size = number
      }
    }
    guard let size, let digest else { return nil }
    self.size = size
    self.sha256 = digest
  }

  /// Why the file is not the one that is meant; nil when it is. The file must stay the same while it is read.
  func difference(_ file: File) -> String? {
    guard let before = try? file.status(), before.kind == .regular else { return "it is no regular file" }
    if before.size != size { return "it has \(before.size) bytes, its .ok file says \(size)" }
    guard let digest = try? file.sha256() else { return "it cannot be read" }
    guard let after = try? file.status(), after.isSame(as: before) else { return "it changed while it was read" }
    return Hex.encode(digest) == sha256 ? nil : "its SHA-256 is not the one in its .ok file"
  }
}

extension File {
  /// SHA-256 of the whole file, read from its start.
  public func sha256() throws(SystemError) -> [UInt8] {
    var digest = Digest()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var offset = 0
    while true {
      let count = try read(at: offset, into: buffer)
      if count == 0 { return digest.finish() }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      ServiceNotify.beat()
      offset += count
    }
  }
}
