import CKernels

/// English words that are split, or kept whole, against the rules of marks: what spaCy's English tokenizer has as
/// special cases, made from the grammar of contractions and lists of abbreviations.
final class EnglishParts: Sendable {
  static let shared = EnglishParts()

  nonisolated(unsafe) let table: UnsafePointer<ck_word_parts>
  /// Words with the lengths of their parts in bytes, for tests.
  let words: [String: [UInt8]]

  private init() {
    var builder = EnglishPartsBuilder()
    builder.build()
    words = builder.words
    table = EnglishParts.table(builder.words)
  }

  /// Never freed: it lives as long as the program.
  private static func table(_ words: [String: [UInt8]]) -> UnsafePointer<ck_word_parts> {
    let slots = 4096
    let keys = zeros(UInt64.self, slots)
    let lengths = UnsafeMutablePointer<(UInt8, UInt8, UInt8, UInt8)>.allocate(capacity: slots)
    lengths.initialize(repeating: (0, 0, 0, 0), count: slots)
    let sieve = zeros(UInt64.self, Int(CK_PARTS_SIEVE))
    let sieveBits = UInt64(CK_PARTS_SIEVE) * 64 - 1
    let lengthsByFirst = zeros(UInt32.self, 256)
    let oddLengthsByFirst = zeros(UInt32.self, 256)
    for (word, parts) in words {
      let bytes = Array(word.utf8)
      let hash = ck_unit_hash(bytes, bytes.count)
      var slot = Int(hash >> 12) & (slots - 1)
      while keys[slot] != 0 { slot = (slot + 1) & (slots - 1) }
      keys[slot] = hash
      lengths[slot] = (parts[0], parts.count > 1 ? parts[1] : 0, parts.count > 2 ? parts[2] : 0, 0)
      sieve[Int((hash & sieveBits) >> 6)] |= 1 << (hash & 63)
      let table = isOdd(bytes) ? oddLengthsByFirst : lengthsByFirst
      table[Int(bytes[0])] |= 1 << UInt32(bytes.count)
    }
    let table = UnsafeMutablePointer<ck_word_parts>.allocate(capacity: 1)
    let rows = UnsafeRawPointer(lengths).assumingMemoryBound(to: (UInt8, UInt8, UInt8, UInt8).self)
    table.initialize(
      to: ck_word_parts(
        keys: keys, lengths: rows, mask: slots - 1, sieve: sieve, lengths_by_first: lengthsByFirst,
        odd_lengths_by_first: oddLengthsByFirst))
    return UnsafePointer(table)
  }

  /// Whether there is anything in the word but letters, digits, apostrophes and full stops of ASCII.
  static func isOdd(_ word: [UInt8]) -> Bool {
    word.contains { byte in
      !PhraseSieve.isAlphanumeric(byte) && byte != UInt8(ascii: "'") && byte != UInt8(ascii: ".")
    }
  }

  private static func zeros<Number: FixedWidthInteger>(_ type: Number.Type, _ count: Int) -> UnsafeMutablePointer<
    Number
  > {
    let memory = UnsafeMutablePointer<Number>.allocate(capacity: count)
    memory.initialize(repeating: 0, count: count)
    return memory
  }
}

private struct EnglishPartsBuilder {
  var words: [String: [UInt8]] = [:]

  mutating func build() {
    for apostrophe in ["'", ""] { contractions(apostrophe) }
    for hour in 1...12 { for half in ["am", "a.m.", "pm", "p.m."] { put("\(hour)", half) } }
    for (first, second) in [("can", "not"), ("gon", "na"), ("got", "ta"), ("let", "'s")] { putBoth(first, second) }
    putBoth("how", "'d", "'y")
    for word in EnglishWords.split { put(word[0], word[1]) }
    for word in EnglishWords.whole.split(whereSeparator: \.isWhitespace) { put(String(word)) }
    for letter in "abcdefghijklmnopqrstuvwxyz" { put("\(letter).") }
    for word in EnglishWords.unsplit.split(separator: " ") { words[String(word)] = nil }
    for (word, parts) in words where word.contains("'") { putCurly(word, parts) }
  }

  private mutating func contractions(_ mark: String) {
    for tail in ["'m", "m"] {
      putBoth("i", tail)
      putBoth("i", tail, "a")
    }
    for pronoun in ["i", "you", "he", "she", "it", "we", "they"] {
      would(pronoun, mark)
      if ["i", "you", "we", "they"].contains(pronoun) { putBoth(pronoun, mark + "ve") }
      if ["you", "we", "they"].contains(pronoun) { putBoth(pronoun, mark + "re") }
      if ["he", "she", "it"].contains(pronoun) { putBoth(pronoun, mark + "s") }
    }
    for word in ["who", "what", "when", "where", "why", "how", "there", "that", "this", "these", "those"] {
      would(word, mark)
      if !["these", "those"].contains(word) { putBoth(word, mark + "s") }
      if ["that", "this"].contains(word) { continue }
      putBoth(word, mark + "re")
      putBoth(word, mark + "ve")
    }
    negations(mark)
  }

  private mutating func negations(_ mark: String) {
    let not = "n\(mark)t"
    let modal = "ca could do does did had may might must need ought sha should wo would".split(separator: " ")
    for verb in modal.map(String.init) {
      putBoth(verb, not)
      putBoth(verb, not, mark + "ve")
    }
    for verb in ["could", "might", "must", "should", "would"] { putBoth(verb, mark + "ve") }
    for verb in ["ai", "are", "is", "was", "were", "have", "has", "dare"] { putBoth(verb, not) }
    putBoth("not", mark + "ve")
  }

  private mutating func would(_ word: String, _ mark: String) {
    putBoth(word, mark + "ll")
    putBoth(word, mark + "ll", mark + "ve")
    putBoth(word, mark + "d")
    putBoth(word, mark + "d", mark + "ve")
  }

  private mutating func putBoth(_ parts: String...) {
    words[parts.joined()] = parts.map { UInt8($0.utf8.count) }
    let capital = parts[0].prefix(1).uppercased() + parts[0].dropFirst() + parts.dropFirst().joined()
    words[capital] = parts.map { UInt8($0.utf8.count) }
  }

  private mutating func put(_ parts: String...) { words[parts.joined()] = parts.map { UInt8($0.utf8.count) } }

  /// The same with the curly apostrophe, which is three bytes.
  private mutating func putCurly(_ word: String, _ parts: [UInt8]) {
    var rest = Array(word.utf8)[...]
    var lengths: [UInt8] = []
    for part in parts {
      let quotes = rest.prefix(Int(part)).count { $0 == UInt8(ascii: "'") }
      lengths.append(part + UInt8(2 * quotes))
      rest = rest.dropFirst(Int(part))
    }
    words[String(word.flatMap { $0 == "'" ? ["\u{2019}"] : [$0] })] = lengths
  }
}

private enum EnglishWords {
  static let split = [["y'", "all"], ["y", "all"], ["c'm", "on"], ["C'm", "on"]]

  /// Words that only look like contractions without their mark.
  static let unsplit = "Ill ill Its its Hell hell Shell shell Shed shed were Were Well well Whore whore"

  static let whole = #"""
    'S 's and/or w/o 're 'Cause 'cause 'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout ma'am Ma'am o'clock O'clock lovin' Lovin'
    havin' Havin' doin' Doin' goin' Goin' nothin' Nothin' nuthin' Nuthin' ol' Ol' somethin' Somethin' 'em 'll 'nuff 'd
    Mt. Ak. Ala. Apr. Ariz. Ark. Aug. Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun. Kan.
    Kans. Ky. La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct. Okla. Ore. Pa.
    S.C. Sep. Sept. Tenn. Va. Wash. Wis. a.m. Adm. Bros. co. Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. Gov. i.e. I.e. I.E.
    Inc. Jr. Ltd. Md. Messrs. Mo. Mont. Mr. Mrs. Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s. \t \n ' \") <space>
    '' C++
    :) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (; (-; :( :-( :(( :-((
    :((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ :1 :P :-P :p :-p :O :-O :o :-o :0 :-0 :() >:o
    :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D ^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_-
    -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0 0_0 o.O O.o O.O o.o 0.0 o.0 0.o @_@ <3 <33 <333 </3
    """#
}
