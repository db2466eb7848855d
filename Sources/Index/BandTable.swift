/// Keys with the documents that have them, in memory, always in order: an open-addressed table whose places follow the
/// keys' own order, so that it can be written as a sorted run in one pass. Keys have to be hashes.
///
/// An entry is a key's 40 bits and a document's number of at most 24 bits, from 1 on; 0 is an empty place.
struct BandTable: Sendable {
  static let numberBits = 24
  private static let full = (numerator: 4, denominator: 5)

  private var places: [UInt64] = []
  /// Places that keys belong to; those behind them are for what does not fit at the end.
  private var homes = 0
  private(set) var count = 0
  /// The table does not grow by doubling beyond this.
  private let mostHomes: Int

  /// - Parameter bytes: to hold the table in, while it grows too.
  init(bytes: Int) {
    // The last doubling holds the old table, of half the size, beside the new one.
    mostHomes = max(64, bytes / 12)
    reset(leastHomes)
  }

  /// What doubles to the most there may be.
  private var leastHomes: Int {
    var least = mostHomes
    while least > 4096 { least = (least + 1) / 2 }
    return least
  }

  /// Entries that fit into the bytes given.
  var room: Int { mostHomes * BandTable.full.numerator / BandTable.full.denominator }

  private mutating func reset(_ homes: Int) {
    self.homes = homes
    places = [UInt64](repeating: 0, count: homes + 64 + homes / 64)
    count = 0
  }

  mutating func removeAll() { reset(leastHomes) }

  @inline(__always)
  private func home(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key << BandTable.numberBits).multipliedFullWidth(by: UInt64(homes)).high)
  }

  /// Adds an entry; a second time changes nothing.
  mutating func add(_ key: UInt64, _ number: UInt32) {
    if (count + 1) * BandTable.full.denominator > homes * BandTable.full.numerator { grow() }
    while true {
      switch insert(key << BandTable.numberBits | UInt64(number), home(key)) {
      case .added:
        count += 1
        return
      case .there: return
      case .noPlace: grow()
      }
    }
  }

  private enum Insertion { case added, there, noPlace }

  /// No place: those at the end are used up.
  private mutating func insert(_ entry: UInt64, _ home: Int) -> Insertion {
    places.withUnsafeMutableBufferPointer { places in
      var place = home
      while places[place] != 0 && places[place] < entry { place += 1 }
      if places[place] == entry { return .there }
      var end = place
      while places[end] != 0 { end += 1 }
      // The last place stays empty: every walk ends there.
      if end + 1 >= places.count { return .noPlace }
      while end > place {
        places[end] = places[end - 1]
        end -= 1
      }
      places[place] = entry
      return .added
    }
  }

  private mutating func grow() {
    let old = places
    let target = homes < mostHomes ? min(homes * 2, mostHomes) : homes + homes / 4
    reset(target)
    // In order, so each entry comes behind those before it.
    var next = 0
    for entry in old where entry != 0 {
      next = max(next, home(entry >> BandTable.numberBits))
      if next + 1 >= places.count { places += [UInt64](repeating: 0, count: 64 + places.count / 8) }
      places[next] = entry
      next += 1
      count += 1
    }
  }

  /// Takes an entry out; nothing happens when it is not there.
  mutating func remove(_ key: UInt64, _ number: UInt32) {
    let entry = key << BandTable.numberBits | UInt64(number)
    var place = home(key)
    while places[place] != 0 && places[place] < entry { place += 1 }
    if places[place] != entry { return }
    // Later entries move back, but none before its home.
    while places[place + 1] != 0 && home(places[place + 1] >> BandTable.numberBits) <= place {
      places[place] = places[place + 1]
      place += 1
    }
    places[place] = 0
    count -= 1
  }

  /// Calls `body` with the number of every document that has the key.
  @inline(__always)
  func forEach(_ key: UInt64, _ body: (UInt32) -> Void) {
    places.withUnsafeBufferPointer { places in
      var place = home(key)
      while places[place] != 0 && places[place] >> BandTable.numberBits < key { place += 1 }
      while places[place] != 0 && places[place] >> BandTable.numberBits == key {
        body(BandTable.number(places[place]))
        place += 1
      }
    }
  }

  /// Calls `body` with every entry, in order.
  func forEach<Failure: Error>(_ body: (UInt64, UInt32) throws(Failure) -> Void) throws(Failure) {
    for entry in places where entry != 0 { try body(entry >> BandTable.numberBits, BandTable.number(entry)) }
  }

  @inline(__always)
  private static func number(_ entry: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: entry & (1 << UInt64(numberBits) - 1))
  }
}
