import Glibc

/// Tells systemd how the service is, over its datagram socket; does nothing when there is none.
public enum ServiceNotify {
  public static func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }
  public static func status(_ text: String) { send("STATUS=\(text)") }
  public static func stopping() { send("STOPPING=1") }
  /// The configuration is read again; `ready` ends it.
  public static func reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=\(Int(Clock.monotonic() * 1e6))\nSTATUS=reading the configuration again")
  }
  /// To be sent by the loop that does the work, so that a stuck loop is noticed.
  public static func watchdog() { send("WATCHDOG=1") }

  static func send(_ text: String) {
    guard let variable = getenv("NOTIFY_SOCKET") else { return }
    var name = Array(UnsafeBufferPointer(start: variable, count: strlen(variable))).map { UInt8(bitPattern: $0) }
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let socketNumber = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socketNumber >= 0 else { return }
    defer { Glibc.close(socketNumber) }
    let message = Array(text.utf8)
    let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socketNumber, message, message.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
  }
}
