import Bytes
import Composition
import Tokens

/// What the composer asks about documents it has drawn, from the corpus.
final class CorpusFacts: DocumentFacts {
  private static let newline = UInt8(ascii: "\n")

  private let state: AgentState
  private let tokenizer: LoadedTokenizer
  private let lookup: TokenLookup
  private(set) lazy var lineEnds = ends { $0.last == CorpusFacts.newline }
  private(set) lazy var paragraphEnds = ends { $0.count > 1 && $0.suffix(2).allSatisfy { $0 == CorpusFacts.newline } }

  init(_ state: AgentState, _ tokenizer: LoadedTokenizer) {
    self.state = state
    self.tokenizer = tokenizer
    lookup = TokenLookup(state: state, tokenizer: tokenizer)
  }

  var vocabulary: Int { tokenizer.vocabulary }

  private func ends(_ isEnd: (ArraySlice<UInt8>) -> Bool) -> [Bool] {
    (0..<vocabulary).map { isEnd(tokenizer.tokenizer.bytes(of: Int32($0))) }
  }

  func tokens(of ordinal: UInt32, _ range: Range<Int>, into buffer: inout [Int32]) throws {
    try lookup.copy(Int(ordinal), range, into: &buffer)
  }

  /// A number of the documents' metadata, as the reader kept it; else what `compose.command` says.
  func signal(_ name: String, of ordinals: [UInt32]) throws -> [Float] {
    var values = [Float](repeating: .nan, count: ordinals.count)
    var unknown: [Int] = []
    // In the corpus' order each frame is opened once.
    for index in ordinals.indices.sorted(by: { ordinals[$0] < ordinals[$1] }) {
      try GivenUp.check("reading '\(name)' of documents")
      let line = try JSONParser.parse(try state.corpus.line(state.table.place(of: Int(ordinals[index]))))
      if let value = line["metadata"]?[name]?.number { values[index] = Float(value) } else { unknown.append(index) }
    }
    let answers = try asked(name, about: unknown.map { ordinals[$0] })
    for (index, answer) in zip(unknown, answers) { if let value = answer.number { values[index] = Float(value) } }
    return values
  }

  func embeddings(of ordinals: [UInt32]) throws -> [[Float]]? {
    if state.settings.compose.command.isEmpty { return nil }
    return try asked("embedding", about: ordinals).map { answer in
      guard let numbers = answer.array?.compactMap(\.number), !numbers.isEmpty else {
        throw ComposeCommand.Failure(reason: "'embedding' is not a list of numbers")
      }
      return numbers.map { Float($0) }
    }
  }

  /// The answers of the command, none without one.
  private func asked(_ want: String, about ordinals: [UInt32]) throws -> [JSONValue] {
    guard !state.settings.compose.command.isEmpty, !ordinals.isEmpty else { return [] }
    return try ComposeCommand(state.settings.compose).ask(want, ordinals.map { Int($0) }) { ordinal in
      (state.table.id(ordinal).description, state.text(of: ordinal) ?? [])
    }
  }
}
