import Fixtures
import Glibc
import Testing

@testable import Posix

@Suite struct NotifyTests {
  /// A bound datagram socket with an abstract name.
  private final class Manager {
    let number: Int32
    let name = Array("@pretraind-test-\(getpid())-\(UInt64.random(in: 0 ... .max))".utf8)

    init() {
      number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: [0] + name.dropFirst()) }
      _ = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, socklen_t(2 + name.count)) }
      }
    }

    deinit { close(number) }

    /// Everything that has come, a message a string.
    func take() -> [String] {
      var messages: [String] = []
      var bytes = [UInt8](repeating: 0, count: 1024)
      while true {
        let count = recv(number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        if count <= 0 { return messages }
        messages.append(String(decoding: bytes[..<count], as: UTF8.self))
      }
    }
  }

  @Test func aServiceFromStartToEnd() throws {
    let manager = Manager()
    let channel = try #require(NotifyChannel(socket: manager.name, watchdogMicroseconds: 400_000))
    channel.beat()
    channel.beat()
    #expect(manager.take() == ["EXTEND_TIMEOUT_USEC=30000000"], "before READY it asks for time, once a second")
    channel.ready("up\nand well")
    #expect(manager.take() == ["READY=1\nSTATUS=up and well", "WATCHDOG=1"])
    for _ in 0..<1000 { channel.beat() }
    #expect(manager.take().count <= 1)
    Clock.sleep(0.15)
    channel.beat()
    #expect(manager.take() == ["WATCHDOG=1"], "a quarter of the watchdog's time later")
    channel.status("one")
    channel.status("one")
    channel.status("two")
    #expect(manager.take() == ["STATUS=one", "STATUS=two"])
    channel.reloading()
    let reload = manager.take()
    #expect(reload.count == 1 && reload[0].hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
    channel.stopping("saving")
    channel.beat()
    #expect(manager.take() == ["STOPPING=1\nSTATUS=saving", "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=30000000"])
  }

  @Test func withoutAWatchdogThereAreNoPings() throws {
    let manager = Manager()
    let channel = try #require(NotifyChannel(socket: manager.name, watchdogMicroseconds: 0))
    channel.ready("")
    for _ in 0..<10 { channel.beat() }
    #expect(manager.take() == ["READY=1\nSTATUS="])
  }

  @Test func namesThatCannotBe() {
    #expect(NotifyChannel(socket: [], watchdogMicroseconds: 0) == nil)
    #expect(NotifyChannel(socket: [UInt8](repeating: 0x61, count: 108), watchdogMicroseconds: 0) == nil)
    // Nobody listens: nothing happens.
    NotifyChannel(socket: Array("/nonexistent/socket".utf8), watchdogMicroseconds: 1)?.ready("x")
  }
}

@Suite struct FileRoomTests {
  @Test func appendingWritesAllOrNothing() throws {
    let scratch = try Scratch()
    let file = try scratch.directory.appendFile("log")
    try file.append(Array("one\n".utf8))
    try file.append(Array("two\n".utf8))
    #expect(try scratch.text("log") == "one\ntwo\n")
  }

  @Test func allocatedRoomIsTaken() throws {
    let scratch = try Scratch()
    let file = try scratch.directory.appendFile("room")
    try file.allocate(1 << 20)
    #expect(try file.status().size == 1 << 20)
    try file.allocate(4096)
    #expect(try file.status().size == 1 << 20, "it never shrinks")
  }

  @Test func inotifysLimitIsNoFullDisk() {
    #expect(!SystemError("inotify_add_watch", "incoming", code: ENOSPC).isNoSpace)
    #expect(SystemError("write", "x", code: ENOSPC).systemError?.isNoSpace == true)
  }
}
