import Glibc

/// A character encoding by the name that is recorded and the one iconv knows.
public struct TextEncoding: Hashable, Sendable {
  public let name: String
  let iconvName: String
  /// Bytes of a code unit: 4 and 2 for UTF-32 and UTF-16, else 1.
  let unit: Int

  init(_ name: String, _ iconvName: String, unit: Int = 1) {
    self.name = name
    self.iconvName = iconvName
    self.unit = unit
  }

  public static let utf8 = TextEncoding("utf-8", "UTF-8")
  public static let utf16LittleEndian = TextEncoding("utf-16le", "UTF-16LE", unit: 2)
  public static let utf16BigEndian = TextEncoding("utf-16be", "UTF-16BE", unit: 2)
  public static let utf32LittleEndian = TextEncoding("utf-32le", "UTF-32LE", unit: 4)
  public static let utf32BigEndian = TextEncoding("utf-32be", "UTF-32BE", unit: 4)
  /// GB2312 and GBK are read as the larger set.
  public static let gb18030 = TextEncoding("gb18030", "GB18030")
  public static let big5 = TextEncoding("big5", "BIG5-HKSCS")
  public static let eucKorean = TextEncoding("euc-kr", "UHC")
  public static let shiftJIS = TextEncoding("shift_jis", "CP932")
  public static let eucJapanese = TextEncoding("euc-jp", "EUC-JP")
  public static let windows1252 = TextEncoding("windows-1252", "WINDOWS-1252")
  public static let latin1 = TextEncoding("iso-8859-1", "ISO-8859-1")
  /// Made GB 18030 by `SevenBit` first.
  public static let hz = TextEncoding("hz-gb-2312", "GB18030")
  public static let iso2022Chinese = TextEncoding("iso-2022-cn", "ISO-2022-CN-EXT")
  public static let iso2022Japanese = TextEncoding("iso-2022-jp", "ISO-2022-JP-2")
  public static let iso2022Korean = TextEncoding("iso-2022-kr", "ISO-2022-KR")
  /// Whether its bytes are all ASCII: it can be told from it by its marks only.
  var isSevenBit: Bool { self == .hz || name.hasPrefix("iso-2022") }

  /// An encoding as people, HTML pages and MIME headers name it; nil when unknown.
  public init?(label: String) {
    let folded = label.lowercased().replacing("_", with: "-")
    if let known = TextEncoding.labels[folded] {
      self = known
      return
    }
    let familiar = ["iso-8859-", "windows-125", "koi8-", "iso-2022-", "euc-tw", "tis-620", "macintosh"]
    guard familiar.contains(where: { folded.hasPrefix($0) }) else { return nil }
    let iconvName = folded.uppercased()
    let descriptor = iconv_open("UTF-8", iconvName)
    guard descriptor != iconv_t(bitPattern: -1) else { return nil }
    iconv_close(descriptor)
    self.init(folded, iconvName)
  }

  private static let labels: [String: TextEncoding] = [
    "utf-8": .utf8, "utf8": .utf8, "ascii": .utf8, "us-ascii": .utf8,
    "utf-16": .utf16LittleEndian, "utf-16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian,
    "utf-32": .utf32LittleEndian, "utf-32le": .utf32LittleEndian, "utf-32be": .utf32BigEndian,
    "gb2312": .gb18030, "gbk": .gb18030, "gb18030": .gb18030, "cp936": .gb18030, "x-gbk": .gb18030,
    "big5": .big5, "big5-hkscs": .big5, "big5hkscs": .big5, "cp950": .big5,
    "euc-kr": .eucKorean, "ks-c-5601-1987": .eucKorean, "cp949": .eucKorean,
    "shift-jis": .shiftJIS, "sjis": .shiftJIS, "windows-31j": .shiftJIS, "cp932": .shiftJIS, "euc-jp": .eucJapanese,
    "windows-1252": .windows1252, "cp1252": .windows1252, "iso-8859-1": .windows1252, "latin1": .windows1252,
    "latin-1": .windows1252, "hz-gb-2312": .hz, "hz": .hz, "iso-2022-cn": .iso2022Chinese,
    "iso-2022-jp": .iso2022Japanese, "iso-2022-kr": .iso2022Korean,
  ]
}
