import Bytes
import Posix
import Testing

extension Scenes {
  /// `status.txt` and `metrics.prom`: made by the agent of what all three say.
  @Suite struct StatusFiles {
    @Test func theyAreWhatStatusPrintsAndWhatCollectorsRead() throws {
      let scene = try Scene("status", Scene.tiny)
      try scene.drop("we\"b/a.txt", String(repeating: "A few words that are kept for the corpus. ", count: 400))
      let running = try scene.start(["up"])
      defer { running.kill() }
      try scene.wait(40, "counted in metrics.prom, with the trainer's and the evaluator's words") {
        let text = scene.text("spool/status/metrics.prom")
        return text.contains("pretraind_agent_source_documents{source=\"we\\\"b\",state=\"kept\"} 1\n")
          && text.contains("\npretraind_trainer_step ") && text.contains("\npretraind_evaluator_results ")
      }
      #expect(running.stop() == 0)
      // The agent ends last or not: what it wrote at its end is of one moment, as `status` is.
      let lines = scene.text("spool/status/metrics.prom").split(separator: "\n").map(String.init)
      try check(lines)
      let told = scene.text("spool/status/status.txt").split(separator: "\n").map(String.init)
      #expect(told.contains { $0.hasPrefix("agent: ") } && told.contains { $0.hasPrefix("  we\"b: in 1, kept 1") })
      #expect(told.contains { $0.hasPrefix("trainer: ") } && told.contains { $0.hasPrefix("evaluator: ") })
    }

    /// The exposition format: HELP and TYPE before the samples of a name, every sample a number, no name twice.
    private func check(_ lines: [String]) throws {
      var names: [String] = []
      var samples = 0
      for line in lines {
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        if line.hasPrefix("# HELP ") {
          names.append(words[2])
        } else if line.hasPrefix("# TYPE ") {
          #expect(words[2] == names.last && words[3] == "gauge")
        } else {
          samples += 1
          let name = String(line.prefix { $0 != "{" && $0 != " " })
          #expect(name == names.last && name.hasPrefix("pretraind_"), "\(line)")
          let value = try #require(line.split(separator: " ").last.map(String.init))
          #expect(Double(value) != nil, "\(line)")
        }
      }
      #expect(samples > 30 && Set(names).count == names.count)
    }
  }
}
