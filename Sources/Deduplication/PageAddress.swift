import Bytes

/// A URL as pages are told apart by it: equal for the same page however it was linked.
///
/// Scheme http or https, a user's name, the default port, dots behind the host, the fragment and parameters that only
/// follow a reader from page to page are left out; the host is in lower case, escapes are written one way (RFC 3986,
/// 6.2.2). A fragment that begins with `!` names a page and stays. What a site means by `www.` or by the order of
/// parameters only the site knows: both stay.
public enum PageAddress {
  /// 64 bits of the normalised URL, never 0; nil when `url` is none with a host.
  public static func key(_ url: [UInt8]) -> UInt64? {
    normalized(url).map { max(1, Identifier(of: $0).high) }
  }

  /// The normalised URL without its scheme; nil when there is no host.
  static func normalized(_ url: [UInt8]) -> [UInt8]? {
    var rest = url[...]
    while let first = rest.first, first <= 0x20 { rest.removeFirst() }
    while let last = rest.last, last <= 0x20 { rest.removeLast() }
    guard let scheme = takeScheme(&rest) else { return nil }
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    guard let host = host(rest[..<(end ?? rest.endIndex)], scheme) else { return nil }
    rest = rest[(end ?? rest.endIndex)...]
    var hash: ArraySlice<UInt8> = []
    if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
      let fragment = rest[(mark + 1)...]
      if fragment.first == UInt8(ascii: "!") { hash = rest[mark...] }
      rest = rest[..<mark]
    }
    let question = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
    let path = rest[..<question]
    var result = scheme + host + (path.isEmpty ? [UInt8(ascii: "/")] : unescaped(path))
    let parameters = rest[question...].dropFirst().split(separator: UInt8(ascii: "&")).filter { !isTracking($0) }
    for (index, parameter) in parameters.enumerated() {
      result.append(UInt8(ascii: index == 0 ? "?" : "&"))
      result += unescaped(parameter)
    }
    return result + hash
  }

  /// The scheme with its colon, empty for http and https; nil when what follows is no host.
  private static func takeScheme(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let slashes = Array("//".utf8)
    var scheme: [UInt8] = []
    if let colon = rest.firstIndex(of: UInt8(ascii: ":")), rest[..<colon].allSatisfy(isSchemeByte),
      rest[(colon + 1)...].starts(with: slashes)
    {
      scheme = lowercased(rest[...colon])
      rest = rest[(colon + 1)...]
    }
    guard rest.starts(with: slashes) else { return nil }
    rest = rest.dropFirst(2)
    return scheme == Array("http:".utf8) || scheme == Array("https:".utf8) ? [] : scheme
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The host in lower case with a port that is not the scheme's own.
  private static func host(_ authority: ArraySlice<UInt8>, _ scheme: [UInt8]) -> [UInt8]? {
    var host = authority
    if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
    var port: ArraySlice<UInt8> = []
    if let colon = host.lastIndex(of: UInt8(ascii: ":")),
      host[(colon + 1)...].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    {
      port = host[(colon + 1)...]
      host = host[..<colon]
    }
    while host.last == UInt8(ascii: ".") { host.removeLast() }
    if host.isEmpty { return nil }
    let isUsual = scheme.isEmpty && (port.elementsEqual("80".utf8) || port.elementsEqual("443".utf8))
    return lowercased(host) + (port.isEmpty || isUsual ? [] : [UInt8(ascii: ":")] + port)
  }

  private static func lowercased(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
  }

  /// Escapes of letters, digits and `-._~` undone, all others in capitals.
  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
        let high = hexadecimal(bytes[index + 1]), let low = hexadecimal(bytes[index + 2])
      else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let byte = high << 4 | low
      if isPlain(byte) {
        result.append(byte)
      } else {
        result += [UInt8(ascii: "%")] + Hex.encode([byte]).uppercased().utf8
      }
      index += 3
    }
    return result
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isSchemeByte(byte) && byte != UInt8(ascii: "+") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
  }

  /// Names of parameters that tell where a reader came from, as the tools that add them document.
  private static let tracking = Set(
    [
      "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
      "igsh",
      "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "_ga", "_gl", "wt_mc", "oly_anon_id", "oly_enc_id", "vero_id",
      "spm", "scm", "spm_id_from", "vd_source", "share_source", "share_medium", "share_token", "share_from",
    ].map { Array($0.utf8) })

  private static func isTracking(_ parameter: ArraySlice<UInt8>) -> Bool {
    let name = lowercased(parameter.prefix { $0 != UInt8(ascii: "=") })
    return name.starts(with: "utm_".utf8) || tracking.contains(name)
  }
}
