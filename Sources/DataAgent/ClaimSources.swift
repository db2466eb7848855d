import Bytes

/// The source of every claim there ever was, by its number: a document knows its claim, not what its folder said.
struct ClaimSources {
  /// What all documents of a claim share.
  struct Origin: Hashable {
    let source: String
    /// How often a document may be drawn, by the folder's `.source.json5`; 0 = as the configuration says.
    var maxUses = 0
  }

  private var origins: [Origin] = []
  private var indexes: [Origin: UInt32] = [:]
  /// By claim; 0 = none, else one more than the index of the origin.
  private var places: [UInt32] = []

  subscript(_ claim: Int) -> Origin? {
    get {
      guard claim < places.count, places[claim] > 0 else { return nil }
      return origins[Int(places[claim]) - 1]
    }
    set {
      guard let newValue else { return }
      if claim >= places.count { places += [UInt32](repeating: 0, count: claim + 1 - places.count) }
      if let index = indexes[newValue] {
        places[claim] = index
        return
      }
      origins.append(newValue)
      indexes[newValue] = UInt32(origins.count)
      places[claim] = UInt32(origins.count)
    }
  }

  /// Claims in a row that have one origin.
  struct Run {
    let first: Int
    let count: Int
    let origin: Origin
  }

  var runs: [Run] {
    var runs: [Run] = []
    var first = 0
    while first < places.count {
      let place = places[first]
      var end = first + 1
      while end < places.count, places[end] == place { end += 1 }
      if place > 0 { runs.append(Run(first: first, count: end - first, origin: origins[Int(place) - 1])) }
      first = end
    }
    return runs
  }
}

extension ClaimSources.Run {
  /// First claim, how many, the source, and its `max_uses` where the folder gave one.
  var json: JSONValue {
    let uses: [JSONValue] = origin.maxUses > 0 ? [.integer(origin.maxUses)] : []
    return .array([.integer(first), .integer(count), .string(origin.source)] + uses)
  }

  init?(_ json: JSONValue) {
    guard let parts = json.array, (3...4).contains(parts.count), let first = parts[0].integer,
      let count = parts[1].integer, let source = parts[2].string
    else { return nil }
    let uses = parts.count == 4 ? parts[3].integer ?? 0 : 0
    self.init(first: first, count: count, origin: ClaimSources.Origin(source: source, maxUses: uses))
  }
}
