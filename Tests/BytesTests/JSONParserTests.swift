import Bytes
import Fixtures
import Testing

@Suite struct JSONParserTests {
  static func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

  static let values: [(String, JSONValue)] = [
    ("null", .null), (" true ", .bool(true)), ("\t\r\nfalse", .bool(false)), ("0", .integer(0)), ("-0", .integer(0)),
    ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)),
    ("1.5", .number(1.5)), ("1e3", .number(1000)), ("-2.5E-1", .number(-0.25)), ("\"\"", .string("")),
    ("\"a\\n\\t\\r\\b\\f\\\"\\\\\\/\"", .string("a\n\t\r\u{8}\u{C}\"\\/")), ("\"\\u4e2d\\u00e9\"", .string("中é")),
    ("\"\\ud83d\\ude00\"", .string("😀")), ("\"\\ud83d!\"", .string("\u{FFFD}!")), ("\"\\ude00\"", .string("\u{FFFD}")),
    ("\"\\ud83d\\u0041\"", .string("\u{FFFD}A")), ("[]", .array([])),
    ("[1, [2]]", .array([.integer(1), .array([.integer(2)])])),
    ("{}", .object([JSONMember]())), ("{\"a\":1,\"b\":{}}", .object(["a": .integer(1), "b": .object([JSONMember]())])),
    ("{\"a\":1,\"a\":2}", .object([JSONMember("a", .integer(1)), JSONMember("a", .integer(2))])),
  ]

  @Test(arguments: values)
  func value(_ text: String, _ expected: JSONValue) throws { #expect(try Self.parse(text) == expected) }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("nul", 0), ("tru", 0), ("True", 0), ("[1,]", 3), ("[1 2]", 3), ("{\"a\"}", 4), ("{a:1}", 1),
    ("{\"a\":1,}", 7), ("01", 2), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2), ("+1", 0), ("\"abc", 4), ("\"a\nb\"", 2),
    ("\"\\x\"", 3), ("\"\\u12g4\"", 5), ("1 2", 2), ("[1]]", 3), ("'a'", 0), ("NaN", 0), ("// no\n1", 0),
    ("{\"a\":1", 6),
  ])
  func refusalSaysWhere(_ text: String, _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try Self.parse(text) }
    #expect(error?.offset == offset, "\(text): \(error?.description ?? "")")
  }

  @Test func depthIsBounded() {
    func nested(_ count: Int) -> String { String(repeating: "[", count: count) + String(repeating: "]", count: count) }
    #expect(throws: Never.self) { try Self.parse(nested(128)) }
    #expect(throws: JSONError.self) { try Self.parse(nested(10_000)) }
    #expect(throws: JSONError.self) { try Self.parse(String(repeating: "{\"a\":", count: 10_000)) }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func whatIsWrittenComesBack(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for _ in 0..<200 {
      let value = randomValue(&random, depth: 0)
      #expect(try JSONParser.parse(JSONWriter.compact(value)) == value)
      #expect(try JSONParser.parse(JSONWriter.pretty(value)) == value)
      #expect(!JSONWriter.compact(value).contains(0x0A), "one line")
    }
  }

  /// Any bytes give a value or an error, and what was scanned as fields is where the fields are.
  @Test(arguments: [4, 5] as [UInt64])
  func randomBytesNeverCrash(_ seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let alphabet = Array("{}[]\":,\\untrefalsd0123456789.-+eE \t\n\u{1}é".utf8)
    var accepted = 0
    for _ in 0..<5000 {
      let length = random.below(24)
      let bytes =
        random.below(4) == 0 ? random.bytes(length) : (0..<length).map { _ in alphabet[random.below(alphabet.count)] }
      if (try? JSONParser.parse(bytes)) != nil { accepted += 1 }
      bytes.withUnsafeBufferPointer { _ = try? JSONFields($0) }
    }
    print("\(accepted) were JSON")
  }

  /// A good text with one byte changed, cut or doubled.
  @Test(arguments: [6, 7] as [UInt64])
  func damagedTextNeverCrashes(_ seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let good = Array(#"{"id":"a\u00e9\n","text":"中文 \ud83d\ude00","n":[-1.5e3,0,{"x":null}],"ok":true}"#.utf8)
    for index in good.indices {
      for _ in 0..<8 {
        var bytes = good
        switch random.below(3) {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.removeSubrange(index...)
        default: bytes.insert(bytes[index], at: index)
        }
        let whole = try? JSONParser.parse(bytes)
        bytes.withUnsafeBufferPointer { line in
          let fields = try? JSONFields(line)
          if whole != nil { #expect(fields != nil || bytes.first != 0x7B, "what parses can be scanned") }
          for field in fields?.fields ?? [] { _ = try? JSONFields.text(field.value, in: line) }
        }
      }
    }
  }
}

/// A random value of small size; numbers that have an exact short form.
func randomValue(_ random: inout SeededRandom, depth: Int) -> JSONValue {
  switch random.below(depth > 3 ? 5 : 7) {
  case 0: return .null
  case 1: return .bool(random.below(2) == 0)
  case 2: return .integer(Int(bitPattern: UInt(random.next())) >> random.below(60))
  case 3:
    let number = Double(bitPattern: random.next())
    return .number(number.isFinite && number != number.rounded() ? number : 0.5)
  case 4: return .text(randomText(&random))
  case 5: return .array((0..<random.below(4)).map { _ in randomValue(&random, depth: depth + 1) })
  default:
    return .object(
      (0..<random.below(4)).map { _ in
        JSONMember(key: randomText(&random), value: randomValue(&random, depth: depth + 1))
      })
  }
}

func randomText(_ random: inout SeededRandom) -> [UInt8] {
  var text: [UInt8] = []
  for _ in 0..<random.below(12) {
    let limits = [0x20, 0x80, 0x800, 0xD800, 0x10FFFF]
    let scalar = UInt32(random.below(limits[random.below(limits.count)]))
    UTF8Text.append(scalar & 0xFFFF_F800 == 0xD800 ? 0xFFFD : scalar, to: &text)
  }
  return text
}
