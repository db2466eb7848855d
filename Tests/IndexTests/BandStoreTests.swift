import Bytes
import Fixtures
import Posix
import Testing

@testable import Index

@Suite("Band store")
struct BandStoreTests {
  /// What the store is to know, kept plainly.
  private struct Model {
    var keys: [UInt32: [UInt64]] = [:]
    var alive = OrdinalSet()

    func sharing(_ wanted: [UInt64]) -> [UInt32: Int] {
      var found: [UInt32: Int] = [:]
      for (ordinal, keys) in keys where alive.contains(ordinal) {
        let common = wanted.count { keys.contains($0) }
        if common > 0 { found[ordinal] = common }
      }
      return found
    }
  }

  static func id(_ ordinal: UInt32) -> Identifier { Identifier(high: UInt64(ordinal), low: 3) }

  static func open(_ store: BandStore, _ folder: Scratch) throws -> [(name: Path, kind: RunFolder.Kind)] {
    try store.open(RunFolder(folder.directory, format: 5) { $0.id == id($0.ordinal) })
  }

  private func expectSame(_ store: BandStore, _ model: Model, _ random: inout SeededRandom, _ told: String) {
    for _ in 0..<30 {
      let like = model.keys.randomElement(using: &random)?.value ?? []
      let wanted = like.prefix(3) + [random.next()]
      let found = store.sharing(Array(wanted), atLeast: 1).filter { model.alive.contains($0.ordinal) }
      let counts = Dictionary(uniqueKeysWithValues: found.map { ($0.ordinal, $0.shared) })
      #expect(counts == model.sharing(Array(wanted)), "\(told)")
      #expect(found.map(\.ordinal) == found.map(\.ordinal).sorted(), "\(told)")
    }
  }

  private func add(_ ordinal: UInt32, _ keys: [UInt64], _ store: BandStore, _ model: inout Model) {
    model.keys[ordinal] = keys
    model.alive.insert(ordinal)
    store.add(ordinal, keys)
  }

  private func merge(_ store: BandStore, _ model: Model, between: () -> Void) throws -> Bool {
    guard let merge = store.nextMerge(alive: model.alive) else { return false }
    #expect(store.nextMerge(alive: model.alive) == nil, "one at a time")
    between()
    try merge.run()
    for ordinal in try store.install(merge, alive: model.alive) { store.add(ordinal, model.keys[ordinal]!) }
    return true
  }

  @Test("The same answers wherever documents are held: memory, runs, merged runs, opened again; none is held twice")
  func anywhere() throws {
    for _ in 0..<10 {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let folder = try Scratch()
      var store = BandStore(megabytes: 0.005)
      _ = try Self.open(store, folder)
      var model = Model()
      // Few keys, so that many documents share them.
      let keys = (0..<300).map { _ in random.next() }
      var ordinal: UInt32 = 0
      for _ in 0..<500 {
        switch random.below(20) {
        case 0: try store.spill(alive: model.alive) { Self.id($0) }
        case 1:
          // Documents go and come while the merge runs.
          let gone = model.keys.keys.sorted().shuffled(using: &random).prefix(8)
          for ordinal in gone.prefix(4) { model.alive.remove(ordinal) }
          _ = try merge(store, model) {}
          for ordinal in gone.prefix(2) { add(ordinal, model.keys[ordinal]!, store, &model) }
        case 2:
          store = BandStore(megabytes: 0.005)
          #expect(try Self.open(store, folder).isEmpty)
          for (ordinal, keys) in model.keys where model.alive.contains(ordinal) { store.add(ordinal, keys) }
        case 3, 4:
          guard let gone = model.keys.keys.sorted().randomElement(using: &random) else { continue }
          model.alive.remove(gone)
          store.remove(gone, model.keys[gone]!)
        case 5:
          guard let back = model.keys.keys.sorted().randomElement(using: &random) else { continue }
          add(back, model.keys[back]!, store, &model)
        default:
          for _ in 0..<4 {
            add(ordinal, (0...random.below(5)).map { _ in keys.randomElement(using: &random)! }.unique, store, &model)
            ordinal += UInt32(1 + random.below(3))
          }
        }
        if random.below(10) == 0 { expectSame(store, model, &random, "seed \(seed)") }
      }
      expectSame(store, model, &random, "seed \(seed)")
      for ordinal in model.keys.keys where model.alive.contains(ordinal) {
        #expect(store.runs.count { $0.holds(ordinal) } + (store.isYoung(ordinal) ? 1 : 0) == 1, "seed \(seed)")
      }
    }
  }

  @Test("A document that comes back while a merge leaves it out is told, so that it can be added again")
  func revival() throws {
    let folder = try Scratch()
    let store = BandStore(megabytes: 0.01)
    _ = try Self.open(store, folder)
    var model = Model()
    for part in 0..<2 as Range<UInt32> {
      for ordinal in (part * 10)..<(part * 10 + 10) { add(ordinal, [UInt64(ordinal + 1) << 40], store, &model) }
      try store.spill(alive: model.alive) { Self.id($0) }
    }
    model.alive.remove(3)
    let merge = try #require(store.nextMerge(alive: model.alive))
    model.alive.insert(3)
    store.add(3, model.keys[3]!)
    #expect(!store.isYoung(3), "a run still holds it")
    try merge.run()
    #expect(try store.install(merge, alive: model.alive) == [3])
    #expect(store.sharing(model.keys[3]!, atLeast: 1).isEmpty)
    store.add(3, model.keys[3]!)
    #expect(store.sharing(model.keys[3]!, atLeast: 1).map(\.ordinal) == [3])
    #expect(try folder.directory.names() == ["run-00000001-00000002.bands"])
  }

  @Test("Few runs, each at least three times what is younger; memory stays within its bound")
  func tiers() throws {
    let folder = try Scratch()
    let store = BandStore(megabytes: 0.02)
    _ = try Self.open(store, folder)
    var random = SeededRandom(1)
    var alive = OrdinalSet()
    var most = 0
    for ordinal in 0..<3000 as Range<UInt32> {
      alive.insert(ordinal)
      store.add(ordinal, (0..<5).map { _ in random.next() })
      most = max(most, store.figures.young)
      if store.isFull { try store.spill(alive: alive) { Self.id($0) } }
      while let merge = store.nextMerge(alive: alive) {
        try merge.run()
        _ = try store.install(merge, alive: alive)
      }
    }
    let sizes = store.runs.map(\.header.entries)
    #expect(sizes.reduce(0, +) + store.figures.young == 15_000)
    #expect(sizes.count > 1 && sizes.count < 6)
    for index in sizes.indices.dropLast() { #expect(sizes[index] >= 3 * sizes[(index + 1)...].reduce(0, +)) }
    // 8 bytes a key at four fifths full, in two thirds of the memory.
    #expect(most <= 20_000 / 12)
  }
}

extension Array where Element: Hashable {
  fileprivate var unique: [Element] { Array(Set(self)) }
}
