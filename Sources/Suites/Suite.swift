/// What a suite measures; also the folder under eval/suites/ it is dropped in.
public enum SuiteKind: String, CaseIterable, Sendable {
  /// Texts whose perplexity is measured.
  case ppl
  /// Single facts: the probability of a target, the perplexity of a sentence, the better of two.
  case probe
  /// Questions answered by generation.
  case benchmark
}

/// One suite, read and checked.
public struct Suite: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    case ppl([PerplexityItem])
    case probe([ProbeItem])
    case benchmark([BenchmarkItem], BenchmarkSettings)
  }

  /// The file's name without its extension.
  public let name: String
  /// Hexadecimal SHA-256 of the suite's files one after another: items, then settings where there are any.
  public let sha256: String
  public let content: Content

  public init(name: String, sha256: String, content: Content) {
    self.name = name
    self.sha256 = sha256
    self.content = content
  }

  public var kind: SuiteKind {
    switch content {
    case .ppl: .ppl
    case .probe: .probe
    case .benchmark: .benchmark
    }
  }

  /// Folder and name: `ppl/zh`.
  public var id: String { "\(kind.rawValue)/\(name)" }
  /// The same as a file name: `ppl-zh`.
  public var fileStem: String { "\(kind.rawValue)-\(name)" }

  public var count: Int {
    switch content {
    case .ppl(let items): items.count
    case .probe(let items): items.count
    case .benchmark(let items, _): items.count
    }
  }

  /// Every text that must not be in the training data, one for each item: what decontamination looks for.
  public var texts: [[UInt8]] {
    switch content {
    case .ppl(let items): items.map(\.text)
    case .probe(let items): items.flatMap(\.texts)
    case .benchmark(let items, _): items.map(\.wholeText)
    }
  }
}
