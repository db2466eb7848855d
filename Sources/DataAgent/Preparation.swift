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

  /// What is done of the work on one document.
  enum Part {
    case whole
    /// Up to and with the score, and the rest: a program outside may score in between.
    case judging, cutting
  }

  /// The first half of the work on each document.
  func judge(_ items: [WorkItem], _ slots: WorkingSlots) -> [WorkItem] {
    var items = items
    let (places, inputs, keys) = documents(items)
    for (place, judged) in zip(places, prepareAll(inputs, keys, .judging, slots)) {
      items[place].content = .document(judged)
    }
    return items
  }

  private func documents(_ items: [WorkItem]) -> ([Int], [PreparedDocument], [RecordKey]) {
    let places = items.indices.filter { if case .document = items[$0].content { true } else { false } }
    let inputs = places.map { index -> PreparedDocument in
      guard case .document(let prepared) = items[index].content else { preconditionFailure("filtered above") }
      return prepared
    }
    return (places, inputs, places.map { RecordKey(claim: items[$0].claim, record: items[$0].progress.record - 1) })
  }

  func prepare(
    _ items: [WorkItem], _ part: Part = .whole, tokenizer: LoadedTokenizer?, sieve: Sieve?, _ slots: WorkingSlots
  ) -> [WorkItem] {
    var items = items
    let (places, inputs, keys) = documents(items)
    var prepared = prepareAll(inputs, keys, part, slots)
    if let tokenizer {
      let start = Clock.monotonic()
      let tokens = tokenizer.encodeAll(prepared.map { $0.document.isKept ? $0.document.text : nil }) { worker, index in
        if let index { slots.note(worker + 1, keys[index], .tokenize) } else { slots.clear(worker + 1) }
      }
      for index in prepared.indices { prepared[index].tokens = tokens[index] }
      times.add("tokenize", (Clock.monotonic() - start) * Double(pool.threads))
    }
    for (index, place) in places.enumerated() { items[place].content = .document(prepared[index]) }
    if let sieve {
      let start = Clock.monotonic()
      judge(&items, sieve)
      times.add("decontaminate", (Clock.monotonic() - start) * Double(pool.threads))
    }
    return items
  }

  /// Each worker says in its slot which record it has in hand.
  private func prepareAll(
    _ inputs: [PreparedDocument], _ keys: [RecordKey], _ part: Part, _ slots: WorkingSlots
  ) -> [PreparedDocument] {
    let next = Atomic<Int>(0)
    let results = Mutex([PreparedDocument?](repeating: nil, count: inputs.count))
    pool.run(pool.threads) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= inputs.count { break }
        slots.note(worker + 1, keys[index], .prepare)
        let prepared = prepare(inputs[index], part)
        results.withLock { $0[index] = prepared }
      }
      slots.clear(worker + 1)
    }
    return results.withLock { $0.map { $0! } }
  }

  /// Judges all documents one after the other, so that the suites' n-grams stay in the caches.
  func judge(_ items: inout [WorkItem], _ sieve: Sieve?) {
    let texts = items.map { item -> [UInt8]? in
      guard case .document(let prepared) = item.content, prepared.document.isKept else { return nil }
      return prepared.document.text
    }
    let verdicts = pool.map(texts.count) { index in
      ServiceNotify.beat()
      return texts[index].flatMap { sieve?.judge($0) }
    }
    for index in items.indices {
      guard case .document(var prepared) = items[index].content else { continue }
      prepared.contamination = verdicts[index]
      items[index].content = .document(prepared)
    }
  }

  /// - Parameter entering: told the name of each stage before it begins.
  func prepare(
    _ input: PreparedDocument, _ part: Part = .whole, entering: (String) -> Void = { _ in }
  ) -> PreparedDocument {
    ServiceNotify.beat()
    var prepared = input
    if part != .cutting { times.addBytes(prepared.document.text.count) }
    switch part {
    case .judging:
      pipeline.judge(&prepared.document, entering: entering)
      return prepared
    case .cutting: pipeline.cut(&prepared.document, entering: entering)
    case .whole: pipeline.process(&prepared.document, entering: entering)
    }
    entering("sketch")
    prepared.textID = Identifier(of: prepared.document.text)
    if prepared.document.isKept {
      prepared.sketch = times.measure("sketch") {
        sketcher.sketch(
          text: prepared.document.text, channel: prepared.document.channel.index,
          facts: DocumentFacts(metadata: prepared.document.metadata))
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
