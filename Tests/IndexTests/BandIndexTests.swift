import Index
import Testing

@Suite("Band index")
struct BandIndexTests {
  private func found(_ index: BandIndex, _ key: UInt64) -> [UInt32] {
    var ordinals: [UInt32] = []
    index.lookup(key, into: &ordinals)
    return ordinals
  }

  @Test("Ordinals come ascending, once each, whatever the order of insertion")
  func order() {
    var index = BandIndex()
    for ordinal in [5, 3, 9, 3, 1] as [UInt32] { index.add(77, ordinal) }
    #expect(found(index, 77) == [1, 3, 5, 9])
    #expect(found(index, 78) == [])
    #expect(index.count == 1)
    for ordinal in [3, 9, 4, 1] as [UInt32] { index.remove(77, ordinal) }
    #expect(found(index, 77) == [5])
    index.remove(77, 5)
    #expect(found(index, 77) == [])
    #expect(index.count == 0)
  }

  @Test("Key zero is a key like any other")
  func zero() {
    var index = BandIndex()
    index.add(0, 4)
    #expect(found(index, 0) == [4])
    index.remove(0, 4)
    #expect(found(index, 0) == [])
  }

  @Test("Documents that share enough keys, with how many")
  func sharing() {
    var index = BandIndex()
    for key in [1, 2, 3] as [UInt64] { index.add(key, 10) }
    for key in [2, 3, 4] as [UInt64] { index.add(key, 7) }
    index.add(3, 8)
    let two = index.sharing([2, 3, 9], atLeast: 2)
    #expect(two.map(\.ordinal) == [7, 10])
    #expect(two.map(\.shared) == [2, 2])
    #expect(index.sharing([2, 3, 9], atLeast: 1).map(\.ordinal) == [7, 8, 10])
    #expect(index.sharing([9], atLeast: 1).isEmpty)
  }

  @Test("Random additions and removals agree with a dictionary of sets")
  func random() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var state = seed
    func next(_ below: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % below
    }
    var index = BandIndex(capacity: 100)
    var plain: [UInt64: Set<UInt32>] = [:]
    for _ in 0..<20_000 {
      // Few low bits and few keys, so that runs, lists and wrapping round the end all happen.
      let key = next(400) &* 0x0001_0000_0001
      let ordinal = UInt32(next(12))
      if next(3) > 0 {
        index.add(key, ordinal)
        plain[key, default: []].insert(ordinal)
      } else {
        index.remove(key, ordinal)
        plain[key]?.remove(ordinal)
      }
    }
    for key in plain.keys { #expect(found(index, key) == plain[key]?.sorted()) }
    #expect(index.count == plain.values.filter { !$0.isEmpty }.count)
  }
}
