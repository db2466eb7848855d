import Redaction
import Testing

@Suite struct NameTests {
  private func masked(_ text: String) -> String {
    var settings = RedactSettings()
    (settings.nameChinese, settings.nameEnglish, settings.address) = (true, true, true)
    return Redactor(settings).redact(Array(text.utf8)).text.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  static let positives: [(String, String)] = [
    ("户名武丹丹，卡号", "户名<NAME_1>，卡号"), ("联系人：雷鑫，手机", "联系人：<NAME_1>，手机"), ("委托王桂芝办理", "委托<NAME_1>办理"),
    ("本人刘帅（身份", "本人<NAME_1>（身份"), ("咨询林坤老师。", "咨询<NAME_1>老师。"), ("法定代表人：欧阳建国\n", "法定代表人：<NAME_1>\n"),
    ("感谢周志明教授的指导", "感谢<NAME_1>教授的指导"), ("Mr. Jim Ramirez said", "Mr. <NAME_1> said"),
    ("Contact Justin Glass at noon", "Contact <NAME_1> at noon"), ("by John H. McArthur.", "by <NAME_1>."),
    ("地址：重庆市南宁市高港区杨街320号。", "地址：<ADDRESS_1>。"), ("位于石家庄市建华南大街82号，", "位于<ADDRESS_1>，"),
    ("住在湖北省凯县花溪区梧州路93号6单元574室。", "住在<ADDRESS_1>。"),
    ("to 679 Cindy Village, North Austinbury, PA 04443.", "to <ADDRESS_1>."),
    ("at 10 Downing Street today", "at <ADDRESS_1> today"),
    ("1450 Chang Crest Apt. 310, South Lauraburgh, TX 73808", "<ADDRESS_1>"),
  ]

  @Test(arguments: positives)
  func announcedNamesAndAddressesAreMasked(_ text: String, _ expected: String) { #expect(masked(text) == expected) }

  static let negatives = [
    "高温天气持续。", "用户名和密码不对", "委托居民办理", "王安石变法与李白的诗", "George Washington University", "St. Louis Cardinals",
    "Beverly Hills is a city", "第3号文件", "他家在5号楼", "In 1984 Orwell wrote", "Chapter 12 The Road",
  ]

  @Test(arguments: negatives)
  func wordsAndPlacesStay(_ text: String) { #expect(masked(text) == text) }
}
