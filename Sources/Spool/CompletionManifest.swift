import Bytes
import Posix

/// `NAME.ok`: the sender's word that NAME is whole, as its size in bytes and its SHA-256 in hexadecimal.
struct CompletionManifest {
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

  func matches(_ file: File) -> Bool {
    guard let status = try? file.status(), status.kind == .regular, status.size == size else { return false }
    guard let digest = try? file.sha256() else { return false }
    return Hex.encode(digest) == sha256
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
