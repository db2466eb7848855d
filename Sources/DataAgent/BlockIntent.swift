import Blocks
import Bytes

/// A block that is published.
struct PublishedBlock {
  let number: Int
  let revision: Int
  let cut: Int
  let tokens: Int
  let short: Bool
  let rebalanced: Bool
  /// The control request that asked for it; 0 = none.
  let request: Int

  var name: BlockName { BlockName(number: number, revision: revision) }
  var intent: BlockIntent {
    BlockIntent(number: number, revision: revision, cut: cut, short: short, rebalanced: rebalanced, request: request)
  }
}

/// A block whose composition is decided: what the journal said before the work began.
struct BlockIntent: Equatable {
  let number: Int
  let revision: Int
  /// Documents before this number may be in it.
  let cut: Int
  let short: Bool
  /// Parts of the mix that had run dry left their share to the others.
  let rebalanced: Bool
  /// The control request that asked for it; 0 = none.
  let request: Int

  var journalRecord: JSONValue {
    let members = [
      JSONMember("ev", .string("block-intent")), JSONMember("number", .integer(number)),
      JSONMember("revision", .integer(revision)), JSONMember("cut", .integer(cut)), JSONMember("short", .bool(short)),
      JSONMember("request", .integer(request)),
    ]
    return .object(members + (rebalanced ? [JSONMember("rebalanced", .bool(true))] : []))
  }

  init(number: Int, revision: Int, cut: Int, short: Bool, rebalanced: Bool = false, request: Int) {
    self.number = number
    self.revision = revision
    self.cut = cut
    self.short = short
    self.rebalanced = rebalanced
    self.request = request
  }

  init?(_ record: JSONValue) {
    guard let number = record["number"]?.integer, let revision = record["revision"]?.integer,
      let cut = record["cut"]?.integer, let short = record["short"]?.bool, let request = record["request"]?.integer
    else { return nil }
    self.init(
      number: number, revision: revision, cut: cut, short: short, rebalanced: record["rebalanced"]?.bool ?? false,
      request: request)
  }

  var name: BlockName { BlockName(number: number, revision: revision) }

  /// Says that the block is no more; its pair of number and revision is never used again.
  static func withdrawnRecord(_ name: BlockName) -> JSONValue {
    .object(["ev": .string("withdrawn"), "number": .integer(name.number), "revision": .integer(name.revision)])
  }
}
