import Fixtures
import Glibc
import Posix
import Testing

@Suite struct ProcessTests {
  @Test(arguments: [("exit 0", 0), ("exit 1", 1), ("exit 74", 74), ("kill -9 $$", 128 + 9), ("kill -15 $$", 128 + 15)])
  func exitStatus(_ script: String, _ expected: Int32) throws {
    let child = try Child.start(["sh", "-c", script])
    #expect(child.wait() == expected)
    #expect(child.wait() == expected, "asked again it says the same")
    #expect(child.poll() == expected)
  }

  @Test func outputIsCaptured() throws {
    let child = try Child.start(["sh", "-c", "printf 'one\\ntwo'"], captureOutput: true)
    #expect(try child.output?.readAll() == Array("one\ntwo".utf8))
    #expect(child.wait() == 0)
  }

  @Test func inputIsTheFile() throws {
    let scratch = try Scratch()
    try scratch.write("in", "some bytes\n")
    let child = try Child.start(["cat"], input: try scratch.directory.openFile("in"), captureOutput: true)
    #expect(try child.output?.readAll() == Array("some bytes\n".utf8))
    #expect(child.wait() == 0)
  }

  @Test func withoutInputItIsEmpty() throws {
    let child = try Child.start(["cat"], captureOutput: true)
    #expect(try child.output?.readAll() == [])
    #expect(child.wait() == 0)
  }

  @Test func wordsAreNotReadByAShell() throws {
    let child = try Child.start(["printf", "%s", "a b $HOME ; * '"], captureOutput: true)
    #expect(try child.output?.readAll() == Array("a b $HOME ; * '".utf8))
    #expect(child.wait() == 0)
  }

  @Test func unknownProgramsAreNamed() {
    let error = failure { _ = try Child.start(["no-such-program-here"]) }
    #expect(error?.isMissing == true)
    #expect(error.map { "\($0)" }?.contains("no-such-program-here") == true)
  }

  @Test func aRunningChildIsNotEnded() throws {
    let child = try Child.start(["sleep", "60"])
    #expect(child.poll() == nil)
    child.signal(SIGTERM)
    #expect(child.wait() == 128 + SIGTERM)
  }
}

@Suite struct WakeupTests {
  @Test func aSignalBeforeTheWaitIsNotLost() throws {
    let wakeup = try Wakeup()
    wakeup.signal()
    wakeup.signal()
    let start = Clock.monotonic()
    wakeup.wait(10)
    #expect(Clock.monotonic() - start < 5)
  }

  @Test func manySignalsWakeOnce() throws {
    let wakeup = try Wakeup()
    for _ in 0..<5 { wakeup.signal() }
    wakeup.wait(10)
    let start = Clock.monotonic()
    wakeup.wait(0.05)
    #expect(Clock.monotonic() - start >= 0.045)
  }

  @Test func anotherThreadWakes() throws {
    let wakeup = try Wakeup()
    let start = Clock.monotonic()
    try ServiceThread.start("test waker") {
      Clock.sleep(0.05)
      wakeup.signal()
    }
    wakeup.wait(20)
    #expect(Clock.monotonic() - start < 10)
  }
}

@Suite struct FileLockTests {
  /// The holder is the open file, so two opens in one process stand for two processes.
  @Test func oneHolder() throws {
    let scratch = try Scratch()
    let second = try scratch.directory.appendFile("lock")
    do {
      let first = try scratch.directory.appendFile("lock")
      #expect(try first.tryLock())
      #expect(try !second.tryLock())
      withExtendedLifetime(first) {}
    }
    #expect(try second.tryLock(), "the lock goes with its holder")
  }

  @Test func aWriterIsSeen() throws {
    let scratch = try Scratch()
    try scratch.write("file", "x")
    let reader = try scratch.directory.openFile("file")
    let free = reader.probeReadLease()
    guard free != .unsupported else {
      print("skipped: this file system grants no leases")
      return
    }
    #expect(free == .granted)
    do {
      let writer = try scratch.directory.appendFile("file")
      #expect(reader.probeReadLease() == .openForWriting)
      withExtendedLifetime(writer) {}
    }
    #expect(reader.probeReadLease() == .granted)
  }

  @Test func appendedBytesFollow() throws {
    let scratch = try Scratch()
    for part in ["one ", "two "] { try scratch.directory.appendFile("log").write(Array(part.utf8)) }
    let file = try scratch.directory.appendFile("log")
    try file.truncate(to: 4)
    try file.write(Array("three".utf8))
    #expect(try scratch.text("log") == "one three")
  }
}

@Suite struct ClockTests {
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00Z"), (951_782_400.5, "2000-02-29T00:00:00Z"), (1_795_267_799.0, "2026-11-21T13:29:59Z"),
  ])
  func stamps(_ seconds: Double, _ expected: String) { #expect(Clock.stamp(seconds) == expected) }

  @Test func errorsSayWhatToDo() {
    #expect("\(SystemError("write", "a/b", code: ENOSPC))".contains("free space"))
    #expect(SystemError("write", "a", code: EDQUOT).isNoSpace)
    #expect(SystemError("open", "a", code: ENOTDIR).isMissing)
    #expect(!SystemError("open", "a", code: EIO).isNoSpace)
  }
}
