import Blocks

/// What a request to discard means, as it is kept beside the taken request: nothing that comes later changes it.
enum DiscardPlan: Equatable {
  /// From the taking on: the blocks that no trainer had begun then, oldest first.
  case candidates([BlockName])
  /// From the moment it is carried out: these go, oldest first, and their numbers are composed anew.
  /// - isShort: one of them was a short block, so a short one may take its place.
  case fixed([BlockName], isShort: Bool)

  var text: String {
    switch self {
    case .candidates(let blocks): DiscardPlan.line("candidates", blocks)
    case .fixed(let blocks, let isShort): DiscardPlan.line(isShort ? "withdraw-short" : "withdraw", blocks)
    }
  }

  init?(text: String) {
    let words = text.split(separator: " ").map(String.init)
    let blocks = words.dropFirst().compactMap(DiscardPlan.block)
    guard let kind = words.first, blocks.count == words.count - 1 else { return nil }
    switch kind {
    case "candidates": self = .candidates(blocks)
    case "withdraw": self = .fixed(blocks, isShort: false)
    case "withdraw-short": self = .fixed(blocks, isShort: true)
    default: return nil
    }
  }

  private static func line(_ kind: String, _ blocks: [BlockName]) -> String {
    ([kind] + blocks.map { "\(BlockName.part($0.number)).r\($0.revision)" }).joined(separator: " ")
  }

  private static func block(_ word: String) -> BlockName? {
    let parts = word.split(separator: ".").map(String.init)
    guard parts.count == 2, let number = BlockName.number(parts[0]), parts[1].hasPrefix("r"),
      let revision = Int(parts[1].dropFirst()), revision > 0
    else { return nil }
    return BlockName(number: number, revision: revision)
  }
}

extension BlockName {
  /// `part-00003`, `part-00003 to part-00005`, or every one of them by name.
  static func list(_ numbers: [Int]) -> String {
    guard let first = numbers.first, let last = numbers.last, numbers.count > 2, numbers == Array(first...last) else {
      return numbers.map(part).joined(separator: ", ")
    }
    return "\(part(first)) to \(part(last))"
  }
}
