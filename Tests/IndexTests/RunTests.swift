import Bytes
import Fixtures
import Posix
import Testing

@testable import Index

/// Run files: what they hold comes back, what is damaged is found or does no harm.
@Suite("Runs")
struct RunTests {
  private static let name = RunName(first: 1, last: 1)

  /// A run of random entries in order.
  private static func write(_ count: Int, documents: ClosedRange<UInt32>, seed: UInt64, in folder: Scratch) throws
    -> [(key: UInt64, ordinal: UInt32)]
  {
    var random = SeededRandom(seed)
    let entries = (0..<count).map { _ in
      (
        key: random.next() >> 24,
        ordinal: documents.lowerBound + UInt32(random.below(Int(documents.upperBound - documents.lowerBound) + 1))
      )
    }.sorted { $0 < $1 }
    var writer = try RunWriter(name, in: folder.directory, format: 5, documents: documents, capacity: count)
    for entry in entries { try writer.append(entry.key, entry.ordinal) }
    try writer.publish(
      RunWitness(ordinal: documents.upperBound, id: BandStoreTests.id(documents.upperBound)))
    return entries
  }

  @Test(
    "Every entry is found and nothing else, for runs of any size",
    arguments: [(0, 0...0), (1, 5...5), (63, 0...63), (64, 63...64), (1000, 100...90_000), (70_000, 0...1_000_000)])
  func found(_ count: Int, _ documents: ClosedRange<UInt32>) throws {
    let folder = try Scratch()
    let entries = try Self.write(count, documents: documents, seed: 7, in: folder)
    let run = try BandRun(Self.name, in: folder.directory, format: 5)
    try run.verify()
    var cursor = RunCursor(run)
    for entry in entries {
      let isThere = cursor.next()
      #expect(isThere && cursor.key == entry.key && cursor.ordinal == entry.ordinal && cursor.isHeld)
    }
    let isMore = cursor.next()
    #expect(!isMore)
    let byKey = Dictionary(grouping: entries) { $0.key }
    for key in byKey.keys.prefix(2000) {
      var ordinals: [UInt32] = []
      run.find([key, key ^ 1, key], into: &ordinals)
      let once = byKey[key]!.map(\.ordinal) + (byKey[key ^ 1] ?? []).map(\.ordinal)
      #expect(ordinals.sorted() == (once + byKey[key]!.map(\.ordinal)).sorted())
    }
    #expect(run.header.documents == Set(entries.map(\.ordinal)).count)
    // Keys of 29 bits, documents of 20, the directory.
    let packed = run.bytes - run.header.words * 8
    if count > 1000 { #expect(Double(packed) / Double(count) < 6.5, "\(packed) bytes") }
  }

  @Test("A run of another name, format, corpus or length is none; so is one whose head was changed")
  func refused() throws {
    let folder = try Scratch()
    _ = try Self.write(500, documents: 0...99, seed: 1, in: folder)
    func kind(format: Int = 5, known: Bool = true) throws -> RunFolder.Kind? {
      try RunFolder(folder.directory, format: format) { _ in known }.look().first?.kind
    }
    #expect(try kind() == .run)
    #expect(try kind(format: 6) == .damaged("made by another version"))
    #expect(try kind(known: false) == .damaged("made of documents that the journal does not know"))
    let bytes = try folder.directory.read(Self.name.path)
    for cut in [0, 7, 4095, 4096, bytes.count - 1] {
      try folder.directory.replaceFile(Self.name.path, with: Array(bytes[..<cut]))
      let found = try kind()
      #expect(found != .run && found != nil, "cut at \(cut)")
    }
    for place in 0..<160 {
      var damaged = bytes
      damaged[place] ^= 0x10
      try folder.directory.replaceFile(Self.name.path, with: damaged)
      #expect(try kind() == .damaged("its head is damaged"), "byte \(place)")
    }
    try folder.directory.replaceFile("run-00000001-00000002.bands", with: bytes)
    try folder.directory.remove(Self.name.path)
    #expect(try kind() == .damaged("it has another run's name"))
  }

  @Test("A flipped bit anywhere in the body is found by the deep look and by a merge, and harms no look-up")
  func flippedBits() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let folder = try Scratch()
    let entries = try Self.write(3000, documents: 50...5000, seed: 2, in: folder)
    let bytes = try folder.directory.read(Self.name.path)
    for _ in 0..<60 {
      var damaged = bytes
      let place = RunHeader.bytes + random.below(bytes.count - RunHeader.bytes)
      damaged[place] ^= 1 << UInt8(random.below(8))
      try folder.directory.replaceFile(Self.name.path, with: damaged)
      let kinds = try RunFolder(folder.directory, format: 5, isDeep: true) { _ in true }.look().map(\.kind)
      #expect(kinds.count == 1 && kinds[0] != .run, "seed \(seed), byte \(place)")
      let run = try BandRun(Self.name, in: folder.directory, format: 5)
      var found: [UInt32] = []
      run.find(entries.map(\.key), into: &found)
      let merge = RunMerge([run, run], in: folder.directory, format: 5, alive: OrdinalSet())
      #expect(throws: RunMerge.Damaged.self) { try merge.run() }
      #expect(try folder.directory.names() == [Self.name.path])
    }
  }

  @Test("A damaged run is given up at a merge, and what it alone held is told")
  func damagedAtMerge() throws {
    let folder = try Scratch()
    let store = BandStore(megabytes: 0.01)
    _ = try BandStoreTests.open(store, folder)
    var alive = OrdinalSet()
    for part in 0..<2 as Range<UInt32> {
      for ordinal in (part * 10)..<(part * 10 + 10) {
        alive.insert(ordinal)
        store.add(ordinal, [UInt64(ordinal + 1) << 40])
      }
      try store.spill(alive: alive) { BandStoreTests.id($0) }
    }
    var bytes = try folder.directory.read("run-00000002-00000002.bands")
    bytes[bytes.count - 10] ^= 0xFF
    try folder.directory.replaceFile("run-00000002-00000002.bands", with: bytes)
    let merge = try #require(store.nextMerge(alive: alive))
    do {
      try merge.run()
      Issue.record("merged what is damaged")
    } catch {
      let given = store.giveUp(merge, error, alive: alive)
      #expect(given?.lost == Array(10..<20) && given?.reason.contains("run-00000002-00000002") == true)
    }
    #expect(try folder.directory.names() == ["run-00000001-00000001.bands"])
    #expect(store.holds(9) && !store.holds(10))
  }

  @Test("What a merge left behind is removed: the run that holds all of it stays")
  func covered() throws {
    let folder = try Scratch()
    for (first, last) in [(1, 1), (2, 2), (3, 3), (1, 2)] {
      var writer = try RunWriter(
        RunName(first: first, last: last), in: folder.directory, format: 5, documents: 0...9, capacity: 1)
      try writer.append(UInt64(first), 4)
      try writer.publish(RunWitness(ordinal: 4, id: BandStoreTests.id(4)))
    }
    let store = BandStore(megabytes: 0.01)
    let removed = try BandStoreTests.open(store, folder)
    #expect(removed.map(\.name) == ["run-00000001-00000001.bands", "run-00000002-00000002.bands"])
    #expect(removed.allSatisfy { $0.kind == .covered })
    #expect(try folder.directory.names() == ["run-00000001-00000002.bands", "run-00000003-00000003.bands"])
  }
}
