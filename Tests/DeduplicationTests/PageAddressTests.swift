import Testing

@testable import Deduplication

@Suite("URLs and dates")
struct PageAddressTests {
  @Test(
    "One page however it was linked",
    arguments: [
      ("http://Example.COM/a", "https://example.com/a"), ("http://example.com", "https://example.com:443/"),
      ("http://example.com:80/a?b=1", "http://example.com./a?b=1#part"),
      ("https://a.cn/x?id=7&utm_source=w&spm=a.b", "https://a.cn/x?utm_medium=z&id=7"),
      ("https://a.cn/x?fbclid=1", "https://a.cn/x"), ("https://me@a.cn/x", "https://a.cn/x"),
      ("https://a.cn/%7euser/%e4%b8%ad", "https://a.cn/~user/%E4%B8%AD"), (" https://a.cn/x ", "https://a.cn/x"),
      ("//a.cn/x", "https://a.cn/x"),
    ])
  func same(_ a: String, _ b: String) {
    #expect(PageAddress.normalized(Array(a.utf8)) == PageAddress.normalized(Array(b.utf8)))
    #expect(PageAddress.key(Array(a.utf8)) != nil && PageAddress.key(Array(a.utf8)) == PageAddress.key(Array(b.utf8)))
  }

  @Test(
    "Other pages",
    arguments: [
      ("https://a.cn/x", "https://a.cn/X"), ("https://a.cn/x?id=7", "https://a.cn/x?id=8"),
      ("https://a.cn:8080/x", "https://a.cn/x"), ("https://a.cn/#!/one", "https://a.cn/#!/two"),
      ("https://a.cn/x", "ftp://a.cn/x"), ("https://a.cn/a%2Fb", "https://a.cn/a/b"),
      ("https://www.a.cn/", "https://a.cn/"), ("https://a.cn/x?a=1&b=2", "https://a.cn/x?b=2&a=1"),
    ])
  func other(_ a: String, _ b: String) {
    #expect(PageAddress.key(Array(a.utf8)) != PageAddress.key(Array(b.utf8)))
  }

  @Test(
    "What is no URL with a host has no key",
    arguments: ["", "a.cn/x", "/x", "mailto:me@a.cn", "https://", "https://:80/"])
  func none(_ text: String) { #expect(PageAddress.key(Array(text.utf8)) == nil) }

  @Test(
    "Dates",
    arguments: [
      ("1970-01-02", 86_400), ("2026-11-21T20:45:30Z", 1_795_293_930), ("2026-11-21 20:45", 1_795_293_900),
      ("2026-11-22T04:45:30+08:00", 1_795_293_930), ("2026/11/21", 1_795_219_200), ("20261121", 1_795_219_200),
      ("20261121204530", 1_795_293_930), ("1795293930", 1_795_293_930), ("1795293930123", 1_795_293_930),
      ("2024-02-29", 1_709_164_800), ("2026", 1_767_225_600), ("2026-11-21T20:45:30.123Z", 1_795_293_930),
    ])
  func dates(_ text: String, _ seconds: Int) { #expect(DateText.seconds(Array(text.utf8)) == seconds, "\(text)") }

  @Test("What is no date", arguments: ["", "yesterday", "2026-13-01", "0000", "21.11.2026", "12"])
  func noDates(_ text: String) { #expect(DateText.seconds(Array(text.utf8)) == nil, "\(text)") }

  @Test("Facts come from the metadata")
  func facts() {
    let facts = DocumentFacts(metadata: Array("{\"url\":\"https://a.cn/x#y\",\"date\":\"1970-01-02\",\"n\":[1]}".utf8))
    #expect(facts == DocumentFacts(addressKey: PageAddress.key(Array("http://a.cn/x".utf8))!, date: 86_400))
    for text in ["", "[]", "{\"url\":7,\"date\":null}"] {
      #expect(DocumentFacts(metadata: Array(text.utf8)) == DocumentFacts(), "\(text)")
    }
  }
}
