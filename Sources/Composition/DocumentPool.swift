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
    let maxUses: UInt16

    /// - Parameter usual: uses of a document whose folder does not say how many.
    init(_ supply: Supply, usual: Int) {
      key = supply.key
      ordinal = supply.ordinal
      tokens = Int32(supply.tokens)
      start = Int32(supply.start)
      score = supply.score
      uses = UInt16(clamping: supply.uses)
      maxUses = UInt16(clamping: supply.maxUses > 0 ? supply.maxUses : usual)
    }

    /// Tokens one block can have of it: the waiting tail, or all of it while a use is left.
    var available: Int { start > 0 ? Int(tokens - start) : uses < maxUses ? Int(tokens) : 0 }
  }

  private struct Place {
    var channel: UInt8
    var index: UInt32
  }

  private let maxUses: Int
  private(set) var entries: [[Entry]]
  /// Documents with a waiting tail by channel, in document order.
  private(set) var tails: [[UInt32]]
  private var places: [UInt32: Place] = [:]
  /// Available tokens by channel, for each minimum score that was asked for.
  private var totals: [(minimum: Float, tokens: [Int])] = []

  init(channels: Int, maxUses: Int) {
    self.maxUses = maxUses
    entries = Array(repeating: [], count: channels)
    tails = Array(repeating: [], count: channels)
  }

  var count: Int { places.count }

  mutating func insert(_ supply: Supply) {
    precondition(supply.tokens > 0 && supply.tokens <= Int32.max, "a document has 1 to 2^31 - 1 tokens")
    precondition(supply.start >= 0 && supply.start < supply.tokens, "a tail begins inside its document")
    precondition(Int(supply.channel) < entries.count, "a channel of the spool's list")
    remove(supply.ordinal)
    let entry = Entry(supply, usual: maxUses)
    if entry.available == 0 { return }
    let channel = Int(supply.channel)
    places[supply.ordinal] = Place(channel: supply.channel, index: UInt32(entries[channel].count))
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
    if entry.available == 0 { remove(ordinal) }
  }

  private mutating func account(_ entry: Entry, _ channel: Int, sign: Int) {
    let tokens = sign * entry.available
    for index in totals.indices where entry.score >= totals[index].minimum { totals[index].tokens[channel] += tokens }
    if entry.start == 0 { return }
    let position = tails[channel].firstIndex { $0 >= entry.ordinal } ?? tails[channel].count
    if sign > 0 { tails[channel].insert(entry.ordinal, at: position) } else { tails[channel].remove(at: position) }
  }

  /// Available tokens by channel of documents with at least this score; counted once, then kept.
  mutating func available(_ minimum: Float) -> [Int] {
    if let known = totals.first(where: { $0.minimum == minimum }) { return known.tokens }
    let tokens = entries.map { channel in
      channel.reduce(0) { $0 + ($1.score >= minimum ? $1.available : 0) }
    }
    totals.append((minimum, tokens))
    return tokens
  }
}
