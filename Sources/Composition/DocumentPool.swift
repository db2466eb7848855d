import Bytes

/// The documents that can be drawn, by channel, with their available tokens kept up to date.
struct DocumentPool {
  /// A `Supply` in 40 bytes; the channel is the array it stands in.
  struct Entry {
    var key: Identifier
    var ordinal: UInt32
    var tokens: Int32
    var start: Int32
    var score: Float
    var uses: UInt16
    /// 0 = as usual.
    let maxUses: UInt16
    let source: UInt16
    let genre: UInt8

    /// - Parameter source: the number of its source.
    init(_ supply: Supply, source: UInt16) {
      key = supply.key
      ordinal = supply.ordinal
      tokens = Int32(supply.tokens)
      start = Int32(supply.start)
      score = supply.score
      uses = UInt16(clamping: supply.uses)
      maxUses = UInt16(clamping: supply.maxUses)
      genre = supply.genre
      self.source = source
    }

    /// Tokens one block can have of it.
    /// - Parameter usual: uses of a document whose folder does not say how many.
    func available(_ usual: UInt16) -> Int {
      start > 0 ? Int(tokens - start) : uses < (maxUses > 0 ? maxUses : usual) ? Int(tokens) : 0
    }
  }

  private struct Place {
    var channel: UInt8
    var index: UInt32
  }

  /// The most uses that any phase allows.
  private let maxUses: UInt16
  private(set) var entries: [[Entry]]
  /// Documents with a waiting tail by channel, in document order.
  private(set) var tails: [[UInt32]]
  private var places: [UInt32: Place] = [:]
  /// Available tokens by part, for each choice of documents that was asked for.
  private var totals: [(eligibility: Eligibility, tokens: [Int])] = []

  init(channels: Int, maxUses: Int) {
    self.maxUses = UInt16(clamping: maxUses)
    entries = Array(repeating: [], count: channels)
    tails = Array(repeating: [], count: channels)
  }

  var count: Int { places.count }

  /// - Parameter source: the number of the document's source.
  mutating func insert(_ supply: Supply, source: UInt16) {
    precondition(supply.tokens > 0 && supply.tokens <= Int32.max, "a document has 1 to 2^31 - 1 tokens")
    precondition(supply.start >= 0 && supply.start < supply.tokens, "a tail begins inside its document")
    precondition(Int(supply.channel) < entries.count, "a channel of the spool's list")
    insert(Entry(supply, source: source), Int(supply.channel))
  }

  mutating func insert(_ entry: Entry, _ channel: Int) {
    remove(entry.ordinal)
    if entry.available(maxUses) == 0 { return }
    places[entry.ordinal] = Place(channel: UInt8(channel), index: UInt32(entries[channel].count))
    entries[channel].append(entry)
    account(entry, channel, sign: 1)
  }

  mutating func remove(_ ordinal: UInt32) {
    guard let place = places.removeValue(forKey: ordinal) else { return }
    let channel = Int(place.channel)
    account(entries[channel][Int(place.index)], channel, sign: -1)
    let last = entries[channel].removeLast()
    if last.ordinal != ordinal {
      entries[channel][Int(place.index)] = last
      places[last.ordinal]!.index = place.index
    }
  }

  func entry(_ ordinal: UInt32) -> (entry: Entry, channel: Int)? {
    guard let place = places[ordinal] else { return nil }
    return (entries[Int(place.channel)][Int(place.index)], Int(place.channel))
  }

  /// Sets how often a document was used and where its tail begins; one that has nothing left goes.
  mutating func set(_ ordinal: UInt32, uses: Int, start: Int) {
    guard let place = places[ordinal] else { return }
    let channel = Int(place.channel)
    var entry = entries[channel][Int(place.index)]
    account(entry, channel, sign: -1)
    entry.uses = UInt16(clamping: uses)
    entry.start = Int32(start)
    entries[channel][Int(place.index)] = entry
    account(entry, channel, sign: 1)
    if entry.available(maxUses) == 0 { remove(ordinal) }
  }

  private mutating func account(_ entry: Entry, _ channel: Int, sign: Int) {
    for index in totals.indices {
      let eligibility = totals[index].eligibility
      guard let part = eligibility.part(entry, channel) else { continue }
      totals[index].tokens[part] += sign * eligibility.available(entry)
    }
    if entry.start == 0 { return }
    let position = tails[channel].firstIndex { $0 >= entry.ordinal } ?? tails[channel].count
    if sign > 0 { tails[channel].insert(entry.ordinal, at: position) } else { tails[channel].remove(at: position) }
  }

  /// Available tokens by part; counted once, then kept.
  mutating func available(_ eligibility: Eligibility) -> [Int] {
    if let known = totals.first(where: { $0.eligibility == eligibility }) { return known.tokens }
    var tokens = [Int](repeating: 0, count: eligibility.parts.count)
    for (channel, entries) in entries.enumerated() {
      for entry in entries {
        if let part = eligibility.part(entry, channel) { tokens[part] += eligibility.available(entry) }
      }
    }
    totals.append((eligibility, tokens))
    return tokens
  }
}
