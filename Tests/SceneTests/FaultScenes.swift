import Posix
import Testing

extension Scenes {
  /// A rotating sample of what `make soak` does in full (tools/faults, tools/soak.d): a process is killed at a system
  /// call, or a call fails, or the power goes; afterwards nothing is lost, doubled or half-visible.
  @Suite(.serialized, .enabled(if: Scene.has("python3"), "skipped: python3 is not there")) struct Faults {
    /// Runs a script of the repository; what it said is shown when it ends badly.
    private func script(_ words: [String], environment: [String] = []) throws {
      let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
      let seed = KillSetting.seed(words.joined(separator: " "))
      let line = ["env"] + environment + ["SOAK_SEED=\(seed)", "\(root)/\(words[0])"] + words.dropFirst()
      let seeded = words[0].hasPrefix("tools/faults") ? ["--seed", "\(seed)"] : []
      let child = try Child.start(line + seeded, captureOutput: true)
      let said = String(decoding: try child.output!.readAll(), as: UTF8.self)
      print(said)
      #expect(child.wait() == 0, "\(said)")
    }

    @Test("killed at every kind of call and at a sample of all calls of the five paths")
    func kills() throws { try script(["tools/faults/sweep", "kill", "--points", "5", "--each"]) }

    @Test("a sample of errors, interruptions and short transfers at the calls of the five paths")
    func errors() throws { try script(["tools/faults/sweep", "errors", "--points", "10"]) }

    @Test("the power goes three times on ext4 and on xfs")
    func powerCuts() throws { try script(["tools/soak.d/30-power-cut"], environment: ["SOAK_CUTS=3"]) }
  }
}
