import Settings
import Testing
import Tokenization

@Suite("Section tokenize")
struct TokenizeSettingsTests {
  private static func decode(_ values: [(String, SettingValue.Content)]) throws(SettingError) -> TokenizeSettings {
    try TokenizeSettings.decode(SettingValue(.table(values.map { (key: $0.0, value: SettingValue($0.1)) })))
  }

  @Test("the defaults are valid")
  func defaults() throws {
    let settings = try TokenizeSettings.decode(nil)
    #expect(settings.vocabularySize % 128 == 0)
    #expect(settings.pattern == "qwen2")
    #expect(settings.reservedIDs == 1000)
  }

  @Test(
    "what is refused, and what the message says",
    arguments: [
      (["vocab_size": 1000], "896 or 1024"), (["vocab_size": 65_536], "65408"), (["vocab_size": 1152], "256"),
      (["vocab_sise": 1280], "vocab_size"),
    ] as [([String: Double], String)])
  func refused(values: [String: Double], message: String) {
    let error = #expect(throws: SettingError.self) { try Self.decode(values.map { ($0.key, .number($0.value)) }) }
    #expect(error.map { "\($0)".contains(message) } == true, "\(String(describing: error))")
  }

  @Test("an unknown pattern names the known ones")
  func pattern() {
    let error = #expect(throws: SettingError.self) { try Self.decode([("pattern", .text("qwen"))]) }
    #expect(error.map { "\($0)".contains("qwen2") } == true)
  }
}
