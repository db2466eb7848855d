/// What one round of merging changes on one side of the merged pair, per neighbouring token.
struct NeighbourCounts {
  struct Change {
    /// How often the neighbour now stands beside the new token.
    var gain: Int64 = 0
    /// How often it stood beside the merged token's half before.
    var loss: Int64 = 0
    /// Positions noted for the gain.
    var places: UInt32 = 0
    var touched = false
  }

  private struct Place {
    let token: UInt32
    let position: UInt32
  }

  private let changes: UnsafeMutablePointer<Change>
  /// Where the positions of each touched token go; filled in between the round and `finishRound`.
  let cursors: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>?>
  private(set) var touched: [UInt32] = []
  private var places: [Place] = []

  init(tokens: Int) {
    changes = .allocate(capacity: tokens)
    changes.initialize(repeating: Change(), count: tokens)
    cursors = .allocate(capacity: tokens)
    cursors.initialize(repeating: nil, count: tokens)
  }

  func deallocate() {
    changes.deallocate()
    cursors.deallocate()
  }

  subscript(token: UInt32) -> Change { changes[Int(token)] }

  @inline(__always)
  mutating func gain(_ token: UInt32, _ count: Int64, at position: UInt32) {
    touch(token)
    changes[Int(token)].gain &+= count
    changes[Int(token)].places &+= 1
    places.append(Place(token: token, position: position))
  }

  @inline(__always)
  mutating func ungain(_ token: UInt32, _ count: Int64) {
    touch(token)
    changes[Int(token)].gain &-= count
  }

  @inline(__always)
  mutating func lose(_ token: UInt32, _ count: Int64) {
    touch(token)
    changes[Int(token)].loss &+= count
  }

  @inline(__always)
  private mutating func touch(_ token: UInt32) {
    if changes[Int(token)].touched { return }
    changes[Int(token)].touched = true
    touched.append(token)
  }

  /// Writes the noted positions through the cursors and forgets the round.
  mutating func finishRound() {
    for place in places {
      guard let cursor = cursors[Int(place.token)] else { continue }
      cursor.pointee = place.position
      cursors[Int(place.token)] = cursor + 1
    }
    for token in touched { changes[Int(token)] = Change() }
    touched.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }
}
