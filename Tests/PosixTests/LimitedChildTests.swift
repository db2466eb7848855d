import Fixtures
import Glibc
import Testing

@testable import Posix

/// What a program that reads foreign bytes may not do.
@Suite(.serialized) struct LimitedChildTests {
  private static func limits(
    memory: Int = 1 << 30, processor: Int = 20, silent: Double = 20
  ) -> ProcessLimits {
    ProcessLimits(memory: memory, processorSeconds: processor, silentSeconds: silent)
  }

  private static func start(
    _ script: String, _ limits: ProcessLimits = limits(), input: File? = nil
  ) throws -> LimitedChild {
    try LimitedChild(["sh", "-c", script], input: input, limits: limits)
  }

  private static func output(_ child: LimitedChild) throws -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1000)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try child.read(into: $0) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }

  private static func isAlive(_ process: pid_t) -> Bool {
    guard let folder = try? Directory(Path("/proc/\(process)")), let bytes = try? folder.read("stat") else {
      return false
    }
    // What nobody waits for stays as a zombie.
    return !String(decoding: bytes, as: UTF8.self).contains(") Z ")
  }

  @Test func outputErrorsAndEnd() throws {
    let child = try Self.start("cat; echo 'went\twrong' >&2; echo second >&2; exit 3", input: try Self.file("hello"))
    #expect(try Self.output(child) == "hello")
    #expect(child.wait() == .exited(3))
    #expect(child.firstComplaint == "went wrong")
    #expect(child.wait() == .exited(3), "asked again it says the same")
  }

  private static func file(_ text: String) throws -> File {
    let scratch = try Scratch()
    try scratch.directory.replaceFile("in", with: Array(text.utf8))
    return try scratch.directory.openFile("in")
  }

  @Test func muchOnStandardErrorBlocksNothing() throws {
    let child = try Self.start("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo done")
    #expect(try Self.output(child) == "done\n")
    #expect(child.wait() == .exited(0))
    #expect(child.firstComplaint.utf8.count == 2048)
  }

  @Test func silenceEndsIt() throws {
    let child = try Self.start("echo one; sleep 1000", Self.limits(silent: 0.3))
    #expect(try Self.output(child) == "one\n")
    #expect(child.wait() == .silent(seconds: 0.3))
  }

  @Test func aClosedOutputIsNoWayOut() throws {
    let child = try Self.start("exec >&-; sleep 1000", Self.limits(silent: 0.3))
    #expect(try Self.output(child) == "")
    #expect(child.wait() == .silent(seconds: 0.3))
  }

  @Test func itsOwnChildrenGoWithIt() throws {
    for ending in ["wait", "exit 0"] {
      let child = try Self.start("sleep 1000 >&- 2>&- & echo $!; \(ending)", Self.limits(silent: 0.3))
      let process = try #require(pid_t(try Self.output(child).split(separator: "\n").first ?? ""))
      #expect(child.kill() != .exited(1))
      let end = Clock.monotonic() + 10
      while Self.isAlive(process), Clock.monotonic() < end { Clock.sleep(0.01) }
      #expect(!Self.isAlive(process), "\(ending)")
    }
  }

  @Test func waitingCanBeGivenUp() throws {
    let child = try Self.start("sleep 1000")
    var byte = [UInt8](repeating: 0, count: 1)
    #expect(try byte.withUnsafeMutableBytes { try child.read(into: $0) { false } } == 0)
    #expect(child.wait() == .signal(SIGKILL))
  }

  @Test func processorTimeIsBounded() throws {
    let child = try Self.start("while :; do :; done", Self.limits(processor: 1))
    #expect(try Self.output(child) == "")
    #expect(child.wait() == .signal(SIGXCPU))
    #expect("\(child.wait())" == "used up its processor time")
  }

  @Test func memoryIsBounded() throws {
    // tail holds what it may have to give back.
    let child = try Self.start(
      "head -c 400000000 /dev/zero | tail -c 300000000 | wc -c", Self.limits(memory: 100 << 20))
    #expect(try Self.output(child) == "0\n")
    #expect(child.firstComplaint.contains("memory exhausted"))
    let enough = try Self.start("head -c 4000000 /dev/zero | tail -c 3000000 | wc -c", Self.limits(memory: 100 << 20))
    #expect(try Self.output(enough) == "3000000\n")
  }

  @Test func noFilesNoSurroundingsNoDescriptors() throws {
    let scratch = try Scratch()
    let target = "\(scratch.directory.path)/written"
    let child = try Self.start(
      "/bin/echo x >'\(target)'; env | sed 's/=.*//' | grep -v '^_$\\|PWD\\|SHLVL' | sort; ls /proc/self/fd")
    let lines = try Self.output(child).split(separator: "\n")
    // 3 is the folder that ls reads.
    #expect(lines.filter { $0 != "LANG" } == ["PATH", "0", "1", "2", "3"])
    #expect((try? scratch.directory.read("written")) ?? [] == [])
  }

  @Test func itStaysKillable() throws {
    // Signals that this process ignores or blocks are as they always are in the child.
    Glibc.signal(SIGPIPE, SIG_IGN)
    let child = try Self.start("trap; kill -PIPE $$; echo survived")
    #expect(try Self.output(child) == "")
    #expect(child.wait() == .signal(SIGPIPE))
  }

  @Test func whatIsNotThereSaysSo() {
    #expect(throws: SystemError.self) {
      try LimitedChild(["pretraind-no-such-program"], input: nil, limits: Self.limits())
    }
  }
}
