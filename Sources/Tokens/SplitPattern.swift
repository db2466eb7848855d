/// The pre-tokenization rules this tokenizer knows: each is one published regular expression, written by hand.
///
/// A `tokenizer.json` is recognised by the exact text of its pattern; the classes \p{L}, \p{N}, \s are Unicode 16.0.
public enum SplitPattern: String, Sendable, CaseIterable {
  /// GPT-2: letters, digits, others, each with one leading space; built into the ByteLevel pre-tokenizer.
  case gpt2
  /// GPT-4 (cl100k) and Llama 3: contractions in any case, digits in groups of one to three.
  case cl100k
  /// Qwen2, Qwen2.5, Qwen3: as cl100k, but every digit stands alone.
  case qwen2

  /// The regular expression as Hugging Face files spell it.
  public var expression: String {
    switch self {
    case .gpt2:
      return #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    case .cl100k:
      return #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"#
        + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
    case .qwen2:
      return #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"#
        + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
  }
}
