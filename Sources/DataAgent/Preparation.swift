import Bytes
import Deduplication
import Documents
import Parallel
import Posix
import Synchronization

/// Runs everything that looks at one document alone, on all threads, keeping the order.
struct Preparation: Sendable {
  let pipeline: Pipeline
  let sketcher: SketchMaker
  let channels: ChannelTable
  /// False: the texts that a rule removed are not kept. Duplicates are: they may win yet.
  let keepsDropped: Bool
  let pool: WorkerPool
  let times: StageTimes

  func prepare(_ items: [WorkItem], tokenizer: LoadedTokenizer?) -> [WorkItem] {
    var items = items
    let places = items.indices.filter { if case .document = items[$0].content { true } else { false } }
    let inputs = places.map { index -> PreparedDocument in
      guard case .document(let prepared) = items[index].content else { preconditionFailure("filtered above") }
      return prepared
    }
    var prepared = pool.map(inputs.count) { prepare(inputs[$0]) }
    if let tokenizer {
      let start = Clock.monotonic()
      let tokens = tokenizer.encodeAll(prepared.map { $0.document.isKept ? $0.document.text : nil })
      for index in prepared.indices { prepared[index].tokens = tokens[index] }
      times.add("tokenize", (Clock.monotonic() - start) * Double(pool.threads))
    }
    for (index, place) in places.enumerated() { items[place].content = .document(prepared[index]) }
    return items
  }

  private func prepare(_ input: PreparedDocument) -> PreparedDocument {
    ServiceNotify.beat()
    var prepared = input
    times.addBytes(prepared.document.text.count)
    pipeline.process(&prepared.document)
    prepared.textID = Identifier(of: prepared.document.text)
    if prepared.document.isKept {
      prepared.sketch = times.measure("sketch") {
        sketcher.sketch(text: prepared.document.text, channel: prepared.document.channel.index)
      }
    }
    prepared.line = times.measure("encode") {
      DocumentLine.encode(
        prepared.document, textID: prepared.textID, channels: channels,
        withText: keepsDropped || prepared.document.isKept)
    }
    return prepared
  }
}
