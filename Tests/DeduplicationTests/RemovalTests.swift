import Bytes
import Documents
import Fixtures
import Testing

@testable import Deduplication

/// Documents that are taken out again: contaminated ones.
@Suite("Removal")
struct RemovalTests {
  @Test("What is left is what it would be had the removed documents never come; reported changes say it all")
  func asIfNeverThere() {
    for _ in 0..<8 {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let corpus = Corpus.families(seed: seed, count: 120)
      let order = corpus.documents.map(\.candidate.ordinal).shuffled(using: &random)
      let deduplicator = corpus.deduplicator()
      var states: [UInt32: DuplicateState] = [:]
      func insert(_ ordinal: UInt32, _ into: Deduplicator) -> [StateChange] {
        let (candidate, text) = corpus.document(ordinal)
        return into.insert(candidate, sketch: corpus.sketch(ordinal), text: text)
      }
      func note(_ changes: [StateChange]) { for change in changes { states[change.ordinal] = change.state } }
      for ordinal in order { note(insert(ordinal, deduplicator)) }
      // A third goes, some of it comes back.
      let removed = order.shuffled(using: &random).prefix(order.count / 3)
      for ordinal in removed {
        states[ordinal] = nil
        note(deduplicator.remove(ordinal))
      }
      let back = removed.prefix(15)
      for ordinal in back { note(insert(ordinal, deduplicator)) }
      let gone = Set(removed.dropFirst(15))
      let left = order.filter { !gone.contains($0) }
      let fresh = corpus.deduplicator()
      for ordinal in left.shuffled(using: &random) { _ = insert(ordinal, fresh) }
      #expect(Set(states.keys) == Set(left), "seed \(seed)")
      for ordinal in left {
        #expect(deduplicator.state(ordinal) == states[ordinal], "seed \(seed)")
        #expect((states[ordinal] == .kept) == (fresh.state(ordinal) == .kept), "seed \(seed)")
        if case .duplicate(let survivor)? = states[ordinal] { #expect(states[survivor] == .kept, "seed \(seed)") }
      }
      #expect(deduplicator.remove(gone.first!) == [], "it is not there")
    }
  }
}
