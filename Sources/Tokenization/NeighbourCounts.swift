/// What one round of merging changes on one side of the merged pair, per neighbouring token.
///
/// A neighbour leaves its old pair as often as it enters the new one, so one number serves for both; where a run of
/// equal pairs breaks that, the difference is the caller's.
struct NeighbourCounts {
  struct Change {
    /// How often the neighbour now stands beside the new token.
    var count: Int64 = 0
    /// Positions noted for it.
    var places: UInt32 = 0
    var touched: UInt32 = 0
  }

  private struct Place {
    var token: UInt32
    var position: UInt32
  }

  private let changes: UnsafeMutablePointer<Change>
  /// Where the positions of each touched token go, nil for nowhere; filled in between the round and `finishRound`.
  let cursors: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>?>
  private let touchedTokens: UnsafeMutablePointer<UInt32>
  private var touchedCount = 0
  private var places: UnsafeMutablePointer<Place>
  private var capacity = 1 << 16
  private var placeCount = 0

  init(tokens: Int) {
    changes = .allocate(capacity: tokens)
    changes.initialize(repeating: Change(), count: tokens)
    cursors = .allocate(capacity: tokens)
    cursors.initialize(repeating: nil, count: tokens)
    touchedTokens = .allocate(capacity: tokens)
    places = .allocate(capacity: capacity)
  }

  func deallocate() {
    changes.deallocate()
    cursors.deallocate()
    touchedTokens.deallocate()
    places.deallocate()
  }

  /// Room for as many gains as the round can have.
  mutating func beginRound(atMost gains: Int) {
    if gains <= capacity { return }
    places.deallocate()
    capacity = gains
    places = .allocate(capacity: capacity)
  }

  var touched: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: touchedTokens, count: touchedCount) }

  subscript(token: UInt32) -> Change { changes[Int(token)] }

  @inline(__always)
  mutating func gain(_ token: UInt32, _ count: Int64, at position: UInt32) {
    touch(token)
    changes[Int(token)].count &+= count
    changes[Int(token)].places &+= 1
    places[placeCount] = Place(token: token, position: position)
    placeCount &+= 1
  }

  /// Takes back what `token` gained; its positions stay, and will be found stale.
  @inline(__always)
  mutating func ungain(_ token: UInt32, _ count: Int64) {
    touch(token)
    changes[Int(token)].count &-= count
  }

  @inline(__always)
  private mutating func touch(_ token: UInt32) {
    if changes[Int(token)].touched != 0 { return }
    changes[Int(token)].touched = 1
    touchedTokens[touchedCount] = token
    touchedCount &+= 1
  }

  /// Writes the noted positions through the cursors and forgets the round.
  mutating func finishRound() {
    for index in 0..<placeCount {
      let place = places[index]
      guard let cursor = cursors[Int(place.token)] else { continue }
      cursor.pointee = place.position
      cursors[Int(place.token)] = cursor + 1
    }
    for index in 0..<touchedCount {
      changes[Int(touchedTokens[index])] = Change()
      cursors[Int(touchedTokens[index])] = nil
    }
    touchedCount = 0
    placeCount = 0
  }
}
