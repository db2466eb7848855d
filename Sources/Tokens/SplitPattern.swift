import CKernels

/// The pre-tokenization rules this tokenizer knows: published regular expressions, each written by hand
/// (`ck_word_end`).
///
/// A `tokenizer.json` is recognised by the exact text of its expressions; the classes \p{L}, \p{N}, \s are Unicode
/// 16.0.
public enum SplitPattern: String, Sendable, CaseIterable {
  /// GPT-2: letters, digits, others, each with one leading space; built into the ByteLevel pre-tokenizer.
  case gpt2
  /// GPT-4 (cl100k), Llama 3, GLM 4: contractions in any case, digits in groups of one to three.
  case cl100k
  /// Qwen2, Qwen2.5, Qwen3: as cl100k, but every digit stands alone.
  case qwen2
  /// GPT-4o (o200k), gpt-oss: words are cut where lower case turns to upper, and keep their contraction.
  case o200k
  /// Mistral's Tekken: as o200k without contractions, every digit alone.
  case tekken
  /// DeepSeek-V3 and R1: digits by three, then runs of ideographs and kana, then the rest.
  case deepseekV3 = "deepseek_v3"
  /// Qwen3.5: as Qwen2, but marks belong to words.
  case qwen35 = "qwen3.5"
  /// StarCoder, SmolLM: every digit alone, then GPT-2.
  case starcoder

  var rules: Int32 {
    switch self {
    case .gpt2: Int32(CK_WORDS_GPT2)
    case .cl100k: Int32(CK_WORDS_CL100K)
    case .qwen2: Int32(CK_WORDS_QWEN2)
    case .o200k: Int32(CK_WORDS_O200K)
    case .tekken: Int32(CK_WORDS_TEKKEN)
    case .deepseekV3: Int32(CK_WORDS_DEEPSEEK3)
    case .qwen35: Int32(CK_WORDS_QWEN35)
    case .starcoder: Int32(CK_WORDS_STARCODER)
    }
  }

  /// A step of a `pre_tokenizer` in front of the byte mapping.
  enum Step: Equatable, Sendable {
    /// Split, behaviour Isolated, by a regular expression.
    case split(String)
    /// Digits, each by itself.
    case digits
  }

  /// The steps as Hugging Face files spell them.
  var steps: [Step] {
    switch self {
    case .gpt2: []
    case .cl100k: [.split(Self.modern(numbers: #"\p{N}{1,3}"#))]
    case .qwen2: [.split(Self.modern(numbers: #"\p{N}"#))]
    case .o200k: [.split(Self.cased(Self.contraction + "?", numbers: #"\p{N}{1,3}"#))]
    case .tekken: [.split(Self.cased("", numbers: #"\p{N}"#))]
    case .deepseekV3: [.split(#"\p{N}{1,3}"#), .split("[一-龥\u{3040}-ゟ゠-ヿ]+"), .split(Self.deepseek)]
    case .qwen35: [.split(Self.marked)]
    case .starcoder: [.digits]
    }
  }

  /// Whether the byte mapping cuts by GPT-2's own expression.
  var byteLevelCuts: Bool { self == .gpt2 || self == .starcoder }

  private static let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  private static let spaces = #"|\s*[\r\n]+|\s+(?!\S)|\s+"#

  private static func modern(numbers: String) -> String {
    contraction + #"|[^\r\n\p{L}\p{N}]?\p{L}+|"# + numbers + #"| ?[^\s\p{L}\p{N}]+[\r\n]*"# + spaces
  }

  private static let marked =
    contraction + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"# + spaces

  private static func cased(_ ending: String, numbers: String) -> String {
    let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    let prefix = #"[^\r\n\p{L}\p{N}]?"#
    return "\(prefix)\(upper)*\(lower)+\(ending)|\(prefix)\(upper)+\(lower)*\(ending)|\(numbers)"
      + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*"# + spaces
  }

  private static let deepseek =
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
    + #"| ?[\p{P}\p{S}]+[\r\n]*"# + spaces
}

extension SplitPattern {
  /// The expression with line ends as escapes: files have them either way.
  static func canonical(_ expression: [UInt8]) -> String {
    var spelt: [UInt8] = []
    for byte in expression {
      switch byte {
      case 0x0A: spelt += [0x5C, UInt8(ascii: "n")]
      case 0x0D: spelt += [0x5C, UInt8(ascii: "r")]
      default: spelt.append(byte)
      }
    }
    return String(decoding: spelt, as: UTF8.self)
  }
}
