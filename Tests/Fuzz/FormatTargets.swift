import Bytes
import Classification
import Composition
import DataAgent
import Decoding
import Filtering
import Phases
import Settings
import Training

@testable import Tokens

extension FuzzTarget {
  /// A tokenizer that is taken encodes any text and gives it back.
  static let tokenizer = FuzzTarget(name: "tokenizer") {
    let alphabet = (0..<256).map { byte in
      "\(String(decoding: JSONWriter.compact(.text(ByteAlphabet.encoded([UInt8(byte)]))), as: UTF8.self)): \(byte)"
    }
    let head =
      "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"normalizer\": null, \"pre_tokenizer\": "
    let level = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": true}"
    let model =
      "{\"type\": \"BPE\", \"vocab\": {\(alphabet.joined(separator: ", ")), \"ab\": 256}, \"merges\": [[\"a\", \"b\"]]}"
    let added =
      "[{\"id\": 257, \"content\": \"<|endoftext|>\", "
      + "\"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}]"
    return [
      bytes(
        head + level
          + ", \"decoder\": \(level), \"post_processor\": null, \"added_tokens\": \(added), \"model\": \(model)}")
    ]
  } run: { input in
    guard let tokenizer = try? Tokenizer(json: input) else { return }
    let text = bytes("A text, 一段文字, 123 <|endoftext|> aab\n\n  \u{1F600}")
    let encoder = tokenizer.makeEncoder(matchSpecial: false, cacheEntries: 64)
    let back = tokenizer.decode(encoder.encode(text))
    promise(back == text, "a text does not come back: \(String(decoding: back, as: UTF8.self))")
    _ = tokenizer.makeEncoder(cacheEntries: 64).encode(text)
  }

  static let safeTensors = FuzzTarget(name: "safetensors") {
    let header = SafeTensors.header(
      [TensorInfo("a", [2, 3]), TensorInfo("b", [1])], type: "F32", elementSize: 4)
    return [header + [UInt8](repeating: 0, count: 28), header]
  } run: { input in
    guard let (entries, start) = try? input.withUnsafeBytes({ try SafeTensors.entries($0, file: "fuzz") }) else {
      return
    }
    for entry in entries { promise(start + entry.bytes.upperBound <= input.count, "a tensor outside of the file") }
  }

  /// config.json, COMMIT.json and the tables made from them.
  static let configs = FuzzTarget(name: "configs") {
    [
      bytes(
        "{\"model_type\": \"llama\", \"vocab_size\": 512, \"num_hidden_layers\": 2, \"hidden_size\": 64, "
          + "\"num_attention_heads\": 4, \"num_key_value_heads\": 2, "
          + "\"intermediate_size\": 128, \"rope_theta\": 1e4, \"rms_norm_eps\": 1e-5}"
      ),
      bytes(
        "{\"schema\": 1, \"checkpoint\": \"g0000/part-00003\", \"position\": {\"step\": 1, \"tokens\": 2, \"block\": 3, "
          + "\"window\": 4}, \"reason\": \"block\", \"files\": [{\"name\": \"a\", \"size\": 1, \"sha256\": \"ab\"}]}"
      ),
    ]
  } run: { input in
    guard let json = try? JSONParser.parse(input) else { return }
    if let config = HuggingFaceConfig(json) {
      let again = HuggingFaceConfig(config.config)
      promise(again?.shape.hidden == config.shape.hidden, "config.json does not read back")
    }
    if let commit = CommitRecord(json) {
      promise(CommitRecord(commit.json(time: "now")) == commit, "COMMIT.json does not read back")
    }
  }

  static let settings = FuzzTarget(name: "settings") {
    [
      bytes(
        "// comment\n{spool: {threads: 4, channels: ['law']}, \"read\": {text_field: 'body',}, /* x */ "
          + "compose: {block_tokens: +1e6, seed: 0x10}}"
      ),
      bytes("{phases: [{name: 'main', tokens: 1000000, mix: {zh: 4, en: 4, code: 2, math: 'all'}, order: 'shuffle'}]}"),
      bytes("[.5, -1., 'a\\\nb', \"\\u00e9\\x41\", true, null, []]"),
    ]
  } run: { input in
    _ = try? JSON5Parser.parse(input)
    guard let tree = try? SettingTree(input, file: "fuzz") else { return }
    _ = try? AgentSettings(tree, phaseDefaults: PhaseDefaults())
    _ = try? tree.decode(TrainSettings.self)
    _ = try? tree.decode(ModelSettings.self)
    _ = try? RuleSet(input, file: "fuzz")
  }

  /// What is parsed reads back the same when written; the quick scan of an object agrees with the parser.
  static let json = FuzzTarget(name: "json") {
    [
      "{\"a\": [1, -2.5e3, true, null, \"x\\n\\u00e9\\ud83d\\ude00\"], \"b\": {}}", "[]", "\"x\"", "1e400", "-0",
      "123456789012345678901234567890",
    ]
    .map { bytes($0) }
  } run: { input in
    let value = try? JSONParser.parse(input)
    if let value {
      let written = JSONWriter.compact(value)
      let again = try? JSONParser.parse(written)
      promise(again.map { same($0, value) } ?? false, "a value does not read back")
      promise((try? JSONParser.parse(JSONWriter.pretty(value))).map { same($0, value) } ?? false, "nor its pretty form")
    }
    let fields = input.withUnsafeBufferPointer { try? JSONFields($0) }
    if let members = value?.members { promise(fields?.fields.count == members.count, "the quick scan misses members") }
  }

  /// Texts that are not UTF-8 are repaired when written.
  private static func same(_ a: JSONValue, _ b: JSONValue) -> Bool {
    if a == b { return true }
    switch (a, b) {
    case (.text(let a), .text(let b)): return a == Array(String(decoding: b, as: UTF8.self).utf8)
    case (.array(let a), .array(let b)): return a.count == b.count && zip(a, b).allSatisfy { same($0, $1) }
    case (.object(let a), .object(let b)):
      return a.count == b.count
        && zip(a, b).allSatisfy { same(.text($0.key), .text($1.key)) && same($0.value, $1.value) }
    case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): return Double(a) == b
    // JSON has no way to write what is beyond every number.
    case (.null, .number(let b)): return !b.isFinite
    default: return false
    }
  }
}
