import Glibc
import Posix
import Testing

/// The manager's end of sd_notify: a datagram socket in the file system or an abstract one.
final class NotifySocket {
  private let number: Int32
  let name: String
  /// What came, line by line, with the time it came.
  private(set) var lines: [(time: Double, text: String)] = []

  /// - Parameter name: a path, or `@something`.
  init(_ name: String) throws {
    self.name = name
    number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    try #require(number >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(name.utf8)
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    try #require(bytes.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, length) }
    }
    try #require(bound == 0, "bind \(name)")
  }

  deinit { close(number) }

  /// Takes what has come within `seconds`, at the latest when `enough` holds.
  func listen(_ seconds: Double, until enough: () -> Bool = { false }) {
    let end = Clock.monotonic() + seconds
    while !enough(), Clock.monotonic() < end {
      var wanted = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      guard poll(&wanted, 1, 20) > 0 else { continue }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = recv(number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { continue }
      for line in String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n") {
        lines.append((Clock.monotonic(), String(line)))
      }
    }
  }

  func forget() { lines = [] }
  func count(_ prefix: String) -> Int { lines.filter { $0.text.hasPrefix(prefix) }.count }
  func has(_ prefix: String) -> Bool { count(prefix) > 0 }
  /// Place of the first line that begins so.
  func place(_ prefix: String) -> Int { lines.firstIndex { $0.text.hasPrefix(prefix) } ?? .max }
}
