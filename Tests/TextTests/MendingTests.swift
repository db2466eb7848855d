import Bytes
import Testing
import Text

@Suite struct MendingTests {
  @Test(
    "emoji become words",
    arguments: [
      ("ok 😀!", "ok :grinning_face:!"), ("❤️ ❤", ":heavy_black_heart: ❤"), ("🇨🇳🇩🇪", ":flag_cn::flag_de:"), ("1️⃣ x", "1 x"),
      ("👍🏽", ":thumbs_up_sign:"), ("👩‍👩‍👧", ":woman::woman::girl:"), ("中文 → “x”", "中文 → “x”"), ("⌚", ":watch:"), ("", ""),
      ("🇨", "🇨"),
    ])
  func emoji(text: String, words: String) {
    #expect(String(decoding: EmojiText.worded(Array(text.utf8)), as: UTF8.self) == words)
  }

  @Test(
    "left-over tags become what they mean; what is no tag stays",
    arguments: [
      ("a<br>b< br / >c", "a\nb\nc"), ("<p>x</ p>", "\nx\n"), ("a&nbsp;b&amp;nbsp;c&hellip;", "a b c…"),
      ("&lt;br&gt;x", "\nx"),
      ("<b>bold</b>", "bold"), ("a < b and b > a", "a < b and b > a"), ("vector<int> v; p<q>", "vector<int> v; p<q>"),
      ("<br class=x>", "<br class=x>"), ("<", "<"), ("&", "&"), ("&lt;", "&lt;"), ("<b", "<b"), ("", ""),
    ])
  func tags(text: String, mended: String) {
    #expect(String(decoding: TagMending.mended(Array(text.utf8)), as: UTF8.self) == mended)
  }
}
