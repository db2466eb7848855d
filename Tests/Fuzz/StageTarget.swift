import Bytes
import Classification
import DataAgent
import Deduplication
import Documents
import Filtering
import Phases
import Settings

extension FuzzTarget {
  private static let agentStages: (stages: [any Stage], sketcher: SketchMaker)? = {
    guard let settings = try? AgentSettings(SettingTree(), phaseDefaults: PhaseDefaults()),
      let stages = try? AgentStages(
        settings, rules: RuleSet.builtIn(), phrases: .builtIn,
        models: StageModels(
          channel: DefaultModels.bytes(.channel), genre: DefaultModels.bytes(.genre), quality: nil))
    else { return nil }
    var list: [any Stage] = [stages.classifier, stages.meter, stages.scorer]
    if let filter = stages.filter { list.append(filter) }
    return (list + [stages.redactor], SketchMaker(settings.dedupe))
  }()

  /// Any text through classify, measure, score, filter, redact and sketch: it stays UTF-8, masks lie inside it.
  static let stages = FuzzTarget(name: "stages") {
    [
      bytes(
        "The quick brown fox. Mail a.b@example.com or +86 138 0013 8000, 11010519491231002X, 4111 1111 1111 1111, 10.0.0.1.\n"
      ),
      bytes("转载自 某网。本文来自网络。电话：13800138000，身份证 11010519491231002X。\n\n参考文献\n[1] x"),
      bytes("def f(x):\n    return x + 1  # code\n\n| a | b |\n|---|---|\n$$x^2$$ \\begin{equation} x \\end{equation}"),
      bytes("word word word word\nword word word word\n• a\n• b...\nlorem ipsum {"),
    ]
  } run: { input in
    guard let (stages, sketcher) = agentStages else { preconditionFailure("the stages cannot be made") }
    let text = UTF8Text.firstInvalid(input) == nil ? input : Array(String(decoding: input, as: UTF8.self).utf8)
    var document = Document(id: Identifier(of: text), text: text, source: "fuzz", origin: "0")
    for stage in stages { stage.process(&document) }
    promise(UTF8Text.firstInvalid(document.text) == nil, "a stage broke the text's UTF-8")
    for span in document.redactions {
      promise(
        span.offset >= 0 && span.length >= 0 && span.offset + span.length <= document.text.count,
        "a mask outside of the text")
    }
    if document.text.isEmpty { return }
    for channel in 0..<5 { _ = sketcher.sketch(text: document.text, channel: UInt8(channel)) }
  }
}
