import Bytes
import Fixtures
import Glibc
import Posix
import Testing

extension Scenes {
  /// A process that sleeps while another takes its role over (its lock did not reach the other machine, which here is a
  /// lock file put away) wakes up and changes nothing. PRETRAIND_TAKEOVERS sets how many moments are tried a role (2).
  @Suite(.serialized) struct Leases {
    private static var takeovers: Int { getenv("PRETRAIND_TAKEOVERS").flatMap { Int(String(cString: $0)) } ?? 2 }

    private struct Work: Sendable, CustomTestStringConvertible {
      let role: String
      /// Words of the process that takes over, and does all there is to do.
      let words: [String]
      var testDescription: String { role }
    }

    private static let work = [
      Work(role: "agent", words: ["agent", "--until-idle", "--flush"]),
      Work(role: "trainer", words: ["trainer", "--until-idle"]),
      Work(role: "evaluator", words: ["evaluator", "--until-idle"]),
    ]

    @Test("L3: who wakes up after its role was taken over changes nothing and ends with 75", arguments: work)
    private func wakesUp(_ work: Work) throws {
      let seed = KillSetting.seed("takeovers of the \(work.role)")
      var random = SeededRandom(seed)
      for moment in 0..<Leases.takeovers {
        let scene = try Scene("lease", Scene.tiny)
        try scene.dropDocuments(kilobytes: 120)
        if work.role != "agent" { try scene.digest() }
        if work.role == "evaluator" { try evaluable(scene) }
        let first = try scene.start([work.role])
        try scene.wait(10, "\(work.role) has its role") { scene.lease(work.role) != nil }
        Clock.sleep(Double(random.next() % 400_000) * 1e-6)
        first.child.signal(SIGSTOP)
        try scene.shell("mv spool/state/leases/\(work.role).lock outside/")
        let second = try scene.start(work.words)
        #expect(second.child.wait() == 0, "\(scene.text(second.log.name))")
        let before = try snapshot(scene)
        first.child.signal(SIGCONT)
        #expect(first.child.wait() == 75, "\(scene.text(first.log.name))")
        let log = scene.text(first.log.name)
        #expect(log.contains("was taken over by another process (pid "), "\(log)")
        #expect(try snapshot(scene) == before, "\(work.role), moment \(moment), seed \(seed)")
      }
    }

    private func evaluable(_ scene: Scene) throws {
      let lines = (0..<40).map { "{\"text\": \"\(Lorem.paragraphs(.en, $0, bytes: 600).joined(separator: " "))\"}" }
      try scene.spool.make("eval/suites/ppl").publish("en.jsonl", Array(lines.joined(separator: "\n").utf8))
      try scene.succeed("trainer", "--until-idle")
    }

    /// Every file and link with what is in it.
    private func snapshot(_ scene: Scene) throws -> String {
      try scene.shell(
        """
        cd spool
        find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum >../files
        find . -type l -printf '%p %l\\n' | LC_ALL=C sort >>../files
        """)
      return scene.text("files")
    }
  }
}

extension Scene {
  /// Epoch and process of the role's holder.
  func lease(_ role: String) -> (epoch: Int, process: Int)? {
    guard let json = json(Path("state/leases/\(role).json")), let epoch = json["epoch"]?.integer,
      let process = json["pid"]?.integer
    else { return nil }
    return (epoch, process)
  }
}
