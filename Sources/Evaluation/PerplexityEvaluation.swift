import Bytes
import Suites
import Training

/// Perplexity of texts: each is scored as a document of its own.
struct PerplexityEvaluation {
  private let context: EvaluationContext
  /// Texts encoded and scored at a time; bounds memory, never changes a number.
  private let slice = 16

  init(_ context: EvaluationContext) { self.context = context }

  func evaluate(_ all: [PerplexityItem], task: String) throws(EvaluationCancelled) -> SuiteScores {
    let items = Array(context.used(all))
    var total = TextLoss()
    var channels = Named<TextLoss>()
    var details: [UInt8] = []
    for start in stride(from: 0, to: items.count, by: slice) {
      let part = Array(items[start..<min(start + slice, items.count)])
      for (item, scores) in zip(part, try context.scoreTexts(part.map(\.text))) {
        total.add(item.text, scores)
        if !item.channel.isEmpty { channels.change(item.channel, from: TextLoss()) { $0.add(item.text, scores) } }
        details.appendLine(detail(item, scores))
      }
    }
    var scores = total.scores.members ?? []
    if !channels.isEmpty {
      scores.append(JSONMember("channels", channels.object { $0.scores }))
    }
    let row = HarnessTask(name: task, metrics: total.harnessMetrics, shots: 0, items: all.count, used: items.count)
    return SuiteScores(scores: .object(scores), details: details, harness: [row])
  }

  private func detail(_ item: PerplexityItem, _ scores: [TokenScore]) -> JSONValue {
    var loss = TextLoss()
    loss.add(item.text, scores)
    var members = [JSONMember("id", .string(item.id))]
    if !item.channel.isEmpty { members.append(JSONMember("channel", .string(item.channel))) }
    members += [
      JSONMember("tokens", .integer(loss.tokens)), JSONMember("bytes", .integer(loss.bytes)),
      JSONMember("loss", .number(loss.natsPerToken)), JSONMember("bits_per_byte", .number(loss.bitsPerByte)),
    ]
    return .object(members)
  }
}
