import Bytes

/// What became of the documents of one source. In = kept + duplicate + superseded + filtered + contaminated + rejected,
/// to the document: it holds because every document is counted by its one state.
struct SourceCounts: Equatable {
  var kept = 0
  var duplicate = 0
  var superseded = 0
  var filtered = 0
  var contaminated = 0
  var rejected = 0

  var total: Int { kept + duplicate + superseded + filtered + contaminated + rejected }

  mutating func add(_ state: DocumentState, _ change: Int) {
    switch state {
    case .kept: kept += change
    case .duplicate: duplicate += change
    case .superseded: superseded += change
    case .filtered: filtered += change
    case .rejected: rejected += change
    case .contaminated: contaminated += change
    }
  }

  init() {}

  init(_ json: JSONValue) {
    kept = json["kept"]?.integer ?? 0
    duplicate = json["duplicate"]?.integer ?? 0
    superseded = json["superseded"]?.integer ?? 0
    filtered = json["filtered"]?.integer ?? 0
    contaminated = json["contaminated"]?.integer ?? 0
    rejected = json["rejected"]?.integer ?? 0
  }

  var json: JSONValue {
    .object([
      "in": .integer(total), "kept": .integer(kept), "duplicate": .integer(duplicate),
      "superseded": .integer(superseded),
      "filtered": .integer(filtered), "contaminated": .integer(contaminated), "rejected": .integer(rejected),
    ])
  }
}
