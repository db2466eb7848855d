import Bytes

/// A suite as a source of what must not be in the training data: read leniently, because a line that cannot be
/// evaluated can be leaked all the same. Every kind of suite is one, also those that have no score of their own.
public struct SuiteSource: Equatable, Sendable {
  /// The folder under `eval/suites/`.
  public enum Kind: String, CaseIterable, Sendable {
    case ppl, benchmark, probe, sample, privacy
  }

  public struct Item: Equatable, Sendable {
    public let id: String
    /// 1-based line of the file.
    public let line: Int
    /// Fields that stand together in one text where they would be learnt together; none is empty.
    public let texts: [[UInt8]]
  }

  public let kind: Kind
  /// The file's name without its extension.
  public let name: String
  /// Hexadecimal SHA-256 of the items' file.
  public let sha256: String
  public let items: [Item]
  /// 1-based lines that are no JSON object; nothing of them is looked for.
  public let unreadable: [Int]

  /// Folder and name: `benchmark/gsm8k`.
  public var id: String { "\(kind.rawValue)/\(name)" }

  public init(kind: Kind, name: String, bytes: [UInt8]) {
    self.kind = kind
    self.name = name
    sha256 = Digest.hex(Digest.sha256(bytes))
    var items: [Item] = []
    var unreadable: [Int] = []
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    for (index, line) in body.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if !line.contains(where: { $0 > 0x20 }) { continue }
      guard let members = (try? JSONParser.parse(Array(line)))?.members else {
        unreadable.append(index + 1)
        continue
      }
      items.append(SuiteSource.item(kind, members, line: index + 1))
    }
    self.items = items
    self.unreadable = unreadable
  }

  /// Names of things, not texts of them.
  private static let labels: Set<[UInt8]> = Set(
    ["id", "channel", "group", "task_id", "entry_point"].map { Array($0.utf8) })

  private static func item(_ kind: Kind, _ members: [JSONMember], line: Int) -> Item {
    func texts(_ key: String) -> [[UInt8]] {
      members.filter { $0.key.elementsEqual(key.utf8) }.flatMap { $0.value.texts }
    }
    var together: [[UInt8]] = []
    var used: Set<[UInt8]> = labels
    func join(_ keys: [String], _ separator: [UInt8]) {
      let parts = keys.flatMap(texts)
      used.formUnion(keys.map { Array($0.utf8) })
      if !parts.isEmpty { together.append(Array(parts.joined(separator: separator))) }
    }
    switch kind {
    case .benchmark:
      // A short question may be quoted without its choices.
      together += texts("question")
      join(["question", "choices", "answer"], [0x0A])
    case .probe: join(["prompt", "target"], [])
    case .ppl, .sample, .privacy: break
    }
    together += members.filter { !used.contains($0.key) }.flatMap { $0.value.texts }
    let id = members.first { $0.key.elementsEqual("id".utf8) }?.value
    return Item(
      id: id?.string ?? id?.integer.map(String.init) ?? String(line), line: line,
      texts: together.filter { text in text.contains { $0 > 0x20 } })
  }
}

extension JSONValue {
  /// Every text in a value, in order.
  fileprivate var texts: [[UInt8]] {
    switch self {
    case .text(let text): [text]
    case .array(let items): items.flatMap(\.texts)
    case .object(let members): members.flatMap { $0.value.texts }
    default: []
    }
  }
}
