import Bytes

/// What a document's metadata tells the deduplication: where it is from and when.
public struct DocumentFacts: Equatable, Sendable {
  /// Key of the normalised `url`; 0 = none.
  public var addressKey: UInt64
  /// Seconds since 1970 of the `date`; 0 = unknown or before 1970.
  public var date: Int

  public init(addressKey: UInt64 = 0, date: Int = 0) {
    self.addressKey = addressKey
    self.date = date
  }

  /// - Parameter metadata: one JSON object, or nothing; members `url` and `date` are looked at.
  public init(metadata: [UInt8]) {
    self.init()
    metadata.withUnsafeBufferPointer { bytes in
      guard !bytes.isEmpty, let fields = try? JSONFields(bytes) else { return }
      self = DocumentFacts(fields, in: bytes)
    }
  }

  /// The same from an object that was scanned already.
  public init(_ fields: JSONFields, in bytes: UnsafeBufferPointer<UInt8>) {
    self.init()
    if let value = fields.value(DocumentFacts.url, in: bytes), let text = try? JSONFields.text(value, in: bytes) {
      addressKey = PageAddress.key(text) ?? 0
    }
    if let value = fields.value(DocumentFacts.date, in: bytes) {
      let text = ((try? JSONFields.text(value, in: bytes)) ?? nil) ?? Array(bytes[value])
      date = Int(UInt32(clamping: DateText.seconds(text) ?? 0))
    }
  }

  func isSamePage(_ other: DocumentFacts) -> Bool { addressKey != 0 && addressKey == other.addressKey }

  /// As they are kept for one channel: pages of different channels never meet.
  func of(_ channel: UInt8) -> DocumentFacts {
    if addressKey == 0 { return self }
    return DocumentFacts(addressKey: max(1, addressKey ^ UInt64(channel) &* 0x9E37_79B9_7F4A_7C15), date: date)
  }

  private static let url = Array("url".utf8)
  private static let date = Array("date".utf8)
}

/// Dates as documents carry them.
enum DateText {
  /// Seconds since 1970 of an ISO 8601 date, with or without time and zone (none means UTC), `2026`, `2026-11`,
  /// `20261121`, `20261121204500`, or of a count of seconds or milliseconds; nil for anything else.
  static func seconds(_ text: [UInt8]) -> Int? {
    let digits = text.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    if digits.count == text.count, ![4, 8, 14].contains(text.count) { return count(digits) }
    var numbers = Numbers(text[...], isCompact: digits.count > 4)
    guard let year = numbers.next(4), (1...9999).contains(year) else { return nil }
    let month = numbers.next(2) ?? 1
    let day = numbers.next(2) ?? 1
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    let time = (numbers.next(2) ?? 0) * 3600 + (numbers.next(2) ?? 0) * 60 + (numbers.next(2) ?? 0)
    return days(year, month, day) * 86_400 + time - numbers.zone
  }

  /// Counts from 10^11 on are milliseconds: as seconds they are beyond the year 5000.
  private static func count(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.count > 8, digits.count < 17, let number = Int(String(decoding: digits, as: UTF8.self)) else {
      return nil
    }
    return number >= 100_000_000_000 ? number / 1000 : number
  }

  /// Days since 1970 of the Gregorian calendar; March is the year's first month, so that leap days come last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  /// The numbers of a date one after the other.
  private struct Numbers {
    private var rest: ArraySlice<UInt8>
    private let isCompact: Bool

    init(_ text: ArraySlice<UInt8>, isCompact: Bool) {
      rest = text
      self.isCompact = isCompact
    }

    mutating func next(_ width: Int) -> Int? {
      var start = rest.startIndex
      if !isCompact, start < rest.endIndex, "-/.:Tt ".utf8.contains(rest[start]), width == 2 { start += 1 }
      let digits = rest[start...].prefix(width).prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      guard !digits.isEmpty, width == 2 || digits.count == width,
        let number = Int(String(decoding: digits, as: UTF8.self))
      else { return nil }
      rest = rest[digits.endIndex...]
      return number
    }

    /// Seconds that the time is ahead of UTC.
    var zone: Int {
      guard let sign = rest.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else { return 0 }
      var numbers = Numbers(rest[(sign + 1)...], isCompact: false)
      let ahead = (numbers.next(2) ?? 0) * 3600 + (numbers.next(2) ?? 0) * 60
      return rest[sign] == UInt8(ascii: "-") ? -ahead : ahead
    }
  }
}
