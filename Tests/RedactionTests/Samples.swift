import Fixtures

typealias Seeded = SeededRandom

/// Seeded choices for generated values.
extension SeededRandom {
  mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
  mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }
  mutating func digits(_ count: Int) -> String { (0..<count).map { _ in "\(below(10))" }.joined() }

  mutating func from(_ alphabet: String, _ count: Int) -> String {
    let characters = Array(alphabet)
    return String((0..<count).map { _ in characters[below(characters.count)] })
  }

  mutating func base62(_ count: Int) -> String {
    // A digit, a capital and a small letter for sure, as in real keys.
    from("abcdefghijklmnopqrstuvwxyz", 1) + from("0123456789", 2) + from("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)
      + from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", count - 4)
  }

  mutating func hexadecimal(_ count: Int) -> String { from("0123456789abcdef", count) }
}

/// Check digits, written here from the standards and not from the detectors.
enum Checks {
  static func identity(_ body: String) -> String {
    var sum = 0
    for (place, character) in body.enumerated() {
      // Weight of place i (from the left, of 18) is 2^(17 - i) modulo 11.
      sum += character.wholeNumberValue! * ((1 << (17 - place)) % 11)
    }
    let check = (12 - sum % 11) % 11
    return check == 10 ? "X" : "\(check)"
  }

  static func luhn(_ body: String) -> String {
    var sum = 0
    for (place, character) in body.reversed().enumerated() {
      let digit = character.wholeNumberValue! * (place % 2 == 0 ? 2 : 1)
      sum += digit / 10 + digit % 10
    }
    return "\((10 - sum % 10) % 10)"
  }

  static func company(_ body: String) -> String {
    let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
    var sum = 0
    var weight = 1
    for character in body {
      sum += alphabet.firstIndex(of: character)! * weight
      weight = weight * 3 % 31
    }
    return String(alphabet[(31 - sum % 31) % 31])
  }

  static func iban(_ country: String, _ account: String) -> String {
    var remainder = 0
    for character in account + country + "00" {
      for digit in "\(Int(String(character), radix: 36)!)" {
        remainder = (remainder * 10 + digit.wholeNumberValue!) % 97
      }
    }
    let check = 98 - remainder
    return country + (check < 10 ? "0" : "") + "\(check)" + account
  }

  /// Another character in place of the last one.
  static func broken(_ number: String, _ random: inout Seeded) -> String {
    let last = number.last!
    let other = "0123456789".filter { $0 != last }
    return String(number.dropLast()) + random.from(other, 1)
  }
}
