/// The source of every claim there ever was, by its number: a document knows its claim, not its source.
struct ClaimSources {
  private var names: [String] = []
  private var indexes: [String: UInt32] = [:]
  /// By claim; 0 = none, else one more than the index of the name.
  private var places: [UInt32] = []

  subscript(_ claim: Int) -> String? {
    get {
      guard claim < places.count, places[claim] > 0 else { return nil }
      return names[Int(places[claim]) - 1]
    }
    set {
      guard let newValue else { return }
      if claim >= places.count { places += [UInt32](repeating: 0, count: claim + 1 - places.count) }
      if let index = indexes[newValue] {
        places[claim] = index
        return
      }
      names.append(newValue)
      indexes[newValue] = UInt32(names.count)
      places[claim] = UInt32(names.count)
    }
  }

  /// Claims in a row that have one source.
  struct Run {
    let first: Int
    let count: Int
    let source: String
  }

  var runs: [Run] {
    var runs: [Run] = []
    var first = 0
    while first < places.count {
      let place = places[first]
      var end = first + 1
      while end < places.count, places[end] == place { end += 1 }
      if place > 0 { runs.append(Run(first: first, count: end - first, source: names[Int(place) - 1])) }
      first = end
    }
    return runs
  }
}
