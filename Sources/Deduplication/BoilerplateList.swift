import Bytes
import Documents
import TextModels

/// Pieces that are cut out of all documents of a source: JSON lines as `plan boilerplate` writes them, read and
/// shortened by a person.
public struct BoilerplateList: Sendable {
  /// One line of the list.
  public struct Entry: Equatable, Sendable {
    /// The folder under `incoming/`; `*` = any.
    public let source: String
    public let grain: Grain
    /// Documents that had it.
    public let documents: Int
    public let text: [UInt8]

    public init(source: String, grain: Grain, documents: Int, text: [UInt8]) {
      self.source = source
      self.grain = grain
      self.documents = documents
      self.text = text
    }

    /// As one line of the list.
    public var line: [UInt8] {
      JSONWriter.compact(
        .object([
          JSONMember("source", .string(source)), JSONMember("grain", .string(grain.rawValue)),
          JSONMember("documents", .integer(documents)), JSONMember("text", .text(text)),
        ])) + [0x0A]
    }
  }

  /// A line of the list that says nothing.
  public struct BadLine: Error, Equatable, CustomStringConvertible {
    let number: Int
    let reason: String

    public var description: String {
      "dedupe.boilerplate: line \(number): \(reason); each line is {\"source\": ..., \"grain\": \"line\", \"text\": ...}"
    }
  }

  private var pieces: [String: [Grain: [Identifier: Int]]] = [:]
  public private(set) var count = 0

  /// - Parameter file: the bytes of the list.
  public init(_ file: [UInt8]) throws(BadLine) {
    for (index, line) in file.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      let entry = try BoilerplateList.entry(Array(line), number: index + 1)
      guard let key = entry.text.withUnsafeBufferPointer({ MatchKey($0) }), key.units >= RepeatedPieces.leastUnits
      else {
        throw BadLine(
          number: index + 1, reason: "its text has fewer than \(RepeatedPieces.leastUnits) words or Han characters")
      }
      pieces[entry.source, default: [:]][entry.grain, default: [:]][key.key] = entry.documents
      count += 1
    }
  }

  private static func entry(_ line: [UInt8], number: Int) throws(BadLine) -> Entry {
    guard let value = try? JSONParser.parse(line) else { throw BadLine(number: number, reason: "it is no JSON") }
    guard let source = value["source"]?.string, !source.isEmpty else {
      throw BadLine(number: number, reason: "it has no `source`")
    }
    guard let grain = Grain(rawValue: value["grain"]?.string ?? "line") else {
      throw BadLine(number: number, reason: "`grain` is line, paragraph or sentence")
    }
    guard let text = value["text"]?.bytes else { throw BadLine(number: number, reason: "it has no `text`") }
    return Entry(source: source, grain: grain, documents: value["documents"]?.integer ?? 0, text: text)
  }

  /// How many documents had the piece when the list was made; nil: it is not to be cut in this source.
  func documents(_ piece: MatchKey, _ source: String, _ grain: Grain) -> Int? {
    pieces[source]?[grain]?[piece.key] ?? pieces["*"]?[grain]?[piece.key]
  }

  /// In what grains something is listed for a source, the coarsest first: a paragraph goes whole.
  func grains(_ source: String) -> [Grain] {
    [Grain.paragraph, .sentence, .line].filter { pieces[source]?[$0] != nil || pieces["*"]?[$0] != nil }
  }
}
