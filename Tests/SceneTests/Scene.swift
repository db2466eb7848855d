import Bytes
import Glibc
import Posix
import Testing

/// All scenes: one after the other, because they measure time and share the machine badly.
@Suite(.serialized, .enabled(if: Scene.binary != nil, "skipped: PRETRAIND_BINARY does not name a release binary"))
enum Scenes {}

/// A spool in a temporary folder, with the real binary to work in it. The folder goes with the scene, unless
/// PRETRAIND_KEEP is set.
final class Scene {
  static let binary: String? = getenv("PRETRAIND_BINARY").map { String(cString: $0) }

  /// Settings of scenes about the data alone: no rules, a small tokenizer, a trainer that nobody waits for.
  static let plain = [
    "clean.enabled=false", "dedupe.enabled=false", "redact.enabled=false", "tokenize.vocab_size=512",
    "tokenize.reserved_ids=16", "compose.block_tokens=20000", "compose.lookahead_blocks=1000", "spool.reserve_mb=1",
  ]

  let root: Path
  let folder: Directory
  let spool: Directory
  var settings: [String]
  /// Names below are paths of the spool.
  var spoolPath: String { "\(spool.path)" }
  private var isMounted = false

  /// - Parameter disk: the spool gets a small file system of its own, with these options of tmpfs(5).
  init(_ name: String, _ settings: [String] = Scene.plain, disk: String? = nil) throws {
    self.settings = settings
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/pretraind-\(name).\(String(repeating: "X", count: 6))".utf8CString)
    let made = try #require(mkdtemp(&template))
    root = Path(String(cString: made))
    folder = try Directory(root)
    var spool = try folder.make("spool")
    if let disk {
      let code = try Child.start(["mount", "-t", "tmpfs", "-o", disk, "tmpfs", "\(spool.path)"]).wait()
      try #require(code == 0, "mount -t tmpfs -o \(disk): \(code)")
      isMounted = true
      spool = try folder.open("spool")
    }
    self.spool = spool
    _ = try spool.make("incoming")
    _ = try folder.make("outside")
  }

  deinit {
    if isMounted { _ = try? Child.start(["umount", "-l", "\(root)/spool"]).wait() }
    if getenv("PRETRAIND_KEEP") != nil { return }
    try? Directory(root.parent).removeAll(root.name)
  }

  // MARK: Programs

  /// A program at work; its standard error is in `log`.
  struct Running {
    let child: Child
    let log: Path

    func kill() { child.signal(SIGKILL) }
    func stop() -> Int32 {
      child.signal(SIGTERM)
      return child.wait()
    }
  }

  struct Outcome {
    let code: Int32
    let output: String
    let log: String
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  private var started = 0

  /// `PRETRAIND_POLL=1`: every agent works without inotify.
  static let polls = getenv("PRETRAIND_POLL") != nil

  /// Starts `pretraind` with these words, the scene's spool and settings.
  func start(_ words: [String], environment: [String] = [], prefix: [String] = []) throws -> Running {
    started += 1
    var line = ["env"] + environment + prefix + [Scene.binary ?? "pretraind"] + words + ["--spool", spoolPath]
    if Scene.polls, let role = words.first, ["agent", "up"].contains(role), !words.contains("--no-inotify") {
      line.append("--no-inotify")
    }
    for setting in settings { line += ["--set", setting] }
    let log = root / Path("log-\(started)")
    let output = root / Path("out-\(started)")
    let script = "exec \"$@\" >'\(output)' 2>'\(log)'"
    return Running(child: try Child.start(["sh", "-c", script, "sh"] + line), log: log)
  }

  /// Runs it to its end.
  @discardableResult
  func run(_ words: String..., environment: [String] = [], prefix: [String] = []) throws -> Outcome {
    let running = try start(words, environment: environment, prefix: prefix)
    let number = started
    let code = running.child.wait()
    return Outcome(code: code, output: text(Path("out-\(number)")), log: text(Path("log-\(number)")))
  }

  /// Runs it and expects that it ends well; what it said is shown when not.
  @discardableResult
  func succeed(_ words: String..., at place: SourceLocation = #_sourceLocation) throws -> Outcome {
    let running = try start(words)
    let number = started
    let code = running.child.wait()
    let outcome = Outcome(code: code, output: text(Path("out-\(number)")), log: text(Path("log-\(number)")))
    #expect(code == 0, "pretraind \(words.joined(separator: " ")): \(outcome.log)", sourceLocation: place)
    return outcome
  }

  /// The agent from start to idle, every block composed.
  func digest(_ more: String..., at place: SourceLocation = #_sourceLocation) throws {
    let running = try start(["agent", "--until-idle", "--flush"] + more)
    let code = running.child.wait()
    #expect(code == 0, "\(text(running.log.name))", sourceLocation: place)
  }

  /// Runs a shell script in the temporary folder: `spool/` and `outside/` are there.
  func shell(_ script: String, at place: SourceLocation = #_sourceLocation) throws {
    let code = try Child.start(["bash", "-c", "cd '\(root)' && set -e\n" + script]).wait()
    #expect(code == 0, "\(script)", sourceLocation: place)
  }

  static func has(_ program: String) -> Bool {
    (try? Child.start(["sh", "-c", "command -v \(program) >/dev/null"]).wait()) == 0
  }

  // MARK: Files

  /// A file of the temporary folder as text; empty where absent.
  func text(_ name: Path) -> String { String(decoding: (try? folder.read(name)) ?? [], as: UTF8.self) }

  /// Drops a file, its folders made.
  func drop(_ name: Path, _ bytes: [UInt8]) throws {
    let path = Path("incoming") / name
    try spool.make(path.parent).publish(path.name, bytes)
  }

  func drop(_ name: Path, _ text: String) throws { try drop(name, Array(text.utf8)) }

  /// A JSON file, through links such as `last-save.json`; nil while it is absent.
  func json(_ name: Path) -> JSONValue? {
    (try? spool.openAnywhere(name).readAll()).flatMap { try? JSONParser.parse($0) }
  }

  /// `status/agent.json` and the like.
  func status(_ role: String) -> JSONValue? { json(Path("status/\(role).json")) }

  /// A count of a source in `status/agent.json`; 0 while it is unknown.
  func count(_ source: String, _ what: String = "in") -> Int {
    status("agent")?["sources"]?[source]?[what]?.integer ?? 0
  }

  func exists(_ name: Path) -> Bool { spool.exists(name) }

  func names(_ folder: Path) -> [String] { ((try? spool.open(folder).names()) ?? []).map(\.description) }

  // MARK: Time

  /// Waits until something is so; what does not come in time ends the scene.
  func wait(
    _ seconds: Double, _ what: String, at place: SourceLocation = #_sourceLocation, until holds: () -> Bool
  ) throws {
    let end = Clock.monotonic() + seconds
    while !holds() {
      try #require(Clock.monotonic() < end, "not within \(seconds) s: \(what)", sourceLocation: place)
      Clock.sleep(0.02)
    }
  }
}
