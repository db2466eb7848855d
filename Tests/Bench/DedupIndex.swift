import Bytes
import Glibc
import Index
import Posix

/// Sketches of documents that never were: 26 band keys and the key of the matching form, all new, or for one document
/// in ten 5 bands of an earlier one.
struct SyntheticSketches {
  static let bands = 26

  /// The earlier document, itself like none, that a document is like; nil = none.
  func relative(_ ordinal: UInt32) -> UInt32? {
    guard ordinal > 10, ordinal % 10 == 0 else { return nil }
    return UInt32(mixed(UInt64(ordinal)) % UInt64(ordinal)) / 10 * 10 + 1
  }

  func keys(_ ordinal: UInt32, into keys: inout [UInt64]) {
    keys.removeAll(keepingCapacity: true)
    let relative = relative(ordinal)
    for band in 0...SyntheticSketches.bands {
      let document = band < 5 ? relative ?? ordinal : ordinal
      keys.append(mixed(UInt64(document) << 8 | UInt64(band)))
    }
  }

  private func mixed(_ value: UInt64) -> UInt64 {
    var value = (value &+ 1) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

/// The index as the agent drives it, but for the documents: look up, add, spill, merge beside the work, close,
/// open again.
struct IndexBench {
  let folder: Directory
  let megabytes: Double
  var store: BandStore
  var alive = OrdinalSet()
  var found = 0
  var merged = 0
  var merges = 0
  var isLookingUp = true
  private let sketches = SyntheticSketches()
  private var merging: MergeThread?

  init(_ folder: Directory, megabytes: Double) throws {
    self.folder = folder
    self.megabytes = megabytes
    store = BandStore(megabytes: megabytes)
    try open()
  }

  static func id(_ ordinal: UInt32) -> Identifier { Identifier(high: UInt64(ordinal), low: 7) }

  mutating func open() throws {
    store = BandStore(megabytes: megabytes)
    for (name, kind) in try store.open(RunFolder(folder, format: 1) { $0.id == IndexBench.id($0.ordinal) }) {
      StandardStreams.print("removed \(name): \(kind)")
    }
  }

  /// Looks every document up, if wanted, and adds it.
  mutating func add(_ documents: Range<UInt32>) throws {
    var keys: [UInt64] = []
    for ordinal in documents {
      sketches.keys(ordinal, into: &keys)
      if isLookingUp { found += store.sharing(keys, atLeast: 3).count }
      alive.insert(ordinal)
      store.add(ordinal, keys)
      // A batch of documents at a time is durable.
      if ordinal & 1023 == 0 { try settle() }
    }
  }

  private mutating func settle() throws {
    if let done = merging, done.isOver { try install() }
    if store.isFull { try store.spill(alive: alive) { IndexBench.id($0) } }
    guard merging == nil, let merge = store.nextMerge(alive: alive) else { return }
    merging = try MergeThread(merge)
  }

  private mutating func install() throws {
    guard let done = merging else { return }
    while !done.isOver { usleep(1000) }
    if let error = done.error { throw error }
    merged += done.merge.entries
    merges += 1
    merging = nil
    _ = try store.install(done.merge, alive: alive)
  }

  /// Everything on disk.
  mutating func close() throws {
    if merging != nil { try install() }
    try store.spill(alive: alive) { IndexBench.id($0) }
    while let merge = store.nextMerge(alive: alive) {
      merging = try MergeThread(merge)
      try install()
    }
  }

  /// Look-ups of documents that are there: each has to find itself.
  func answer(_ count: Int, of documents: UInt32) -> Bool {
    var keys: [UInt64] = []
    var state: UInt64 = 1
    for _ in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let ordinal = UInt32(state >> 33) % documents
      sketches.keys(ordinal, into: &keys)
      let hits = store.sharing(keys, atLeast: 3)
      guard hits.contains(where: { $0 == (ordinal, SyntheticSketches.bands + 1) }) else { return false }
      if let relative = sketches.relative(ordinal), !hits.contains(where: { $0.ordinal == relative }) { return false }
    }
    return true
  }
}
