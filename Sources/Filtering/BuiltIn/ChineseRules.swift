/// Made by tools/rules from etc/rules/chinese.json5; do not edit.
extension BuiltInRules {
  static let chineseText = #"""
    // Chinese web text without a word segmenter: the thresholds of FineWeb-2 (cmn_Hani), MAP-NEO and ChineseWebText
    // over characters, n of n-grams doubled, because two words are three to four characters. Made for prose of the
    // web: verse, statutes, manuals and pages with much code are better served by the set `default`. Set:
    // clean.sets = ["chinese"].
    {
      rules: [
        { name: "chinese_short", signal: "characters", below: 50,
          channels: ["zh"], canary: "对不起，您访问的页面不存在。" },
        {
          name: "chinese_han", signal: "hanShare", below: 0.3, channels: ["zh"],
          canary: { text: "abc 中 1234567890 /// ==== ", repeat: 10 },
        },
        {
          name: "chinese_latin", signal: "latinShare", above: 0.5, channels: ["zh"],
          canary: { text: "中 some english words that fill the page ", repeat: 10 },
        },
        {
          name: "chinese_punctuation", signal: "punctuationShare", below: 0.02, channels: ["zh"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "首页 产品 新闻 关于 我们 联系 方式 招聘 信息 下载 中心\n", repeat: 12 },
        },
        {
          name: "chinese_punctuation_soup", signal: "punctuationShare", above: 0.25, channels: ["zh"],
          canary: { text: "好！！！？？？。。。，，，、、、", repeat: 20 },
        },
        {
          name: "chinese_line_ends", signal: "endPunctuationLineShare", below: 0.106, channels: ["zh"],
          when: [{ signal: "lines", above: 5 }],
          canary: { text: "首页\n产品中心\n新闻动态\n成功案例\n人才招聘\n在线留言\n", repeat: 8 },
        },
        {
          name: "chinese_newlines", signal: "newlinePerWord", above: 0.178, channels: ["zh"],
          canary: { text: "首页\n产品\n新闻\n案例\n", repeat: 20 },
        },
        {
          name: "chinese_stop_characters", signal: "stopCharacterShare", below: 0.02, channels: ["zh"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "手机壳批发厂家直销男装女装童装运动鞋皮带手表钱包眼镜围巾", repeat: 10 },
        },
        {
          name: "chinese_stop_words", signal: "distinctStopWords", below: 2, channels: ["zh"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "手机壳批发厂家直销男装女装童装运动鞋皮带手表钱包眼镜围巾", repeat: 10 },
        },
        {
          name: "chinese_digits", signal: "digitShare", above: 0.3, channels: ["zh"],
          canary: { text: "第 01 期 12 05 33 28 19 07 开奖号码 ", repeat: 20 },
        },
        {
          name: "chinese_brackets", signal: "bracketShare", above: 0.1, channels: ["zh"],
          canary: { text: "【正品】【包邮】【特价】", repeat: 20 },
        },
        {
          name: "chinese_hashes", signal: "hashPerWord", above: 0.1, channels: ["zh"],
          canary: { text: "#好#看#", repeat: 20 },
        },
        {
          name: "chinese_ellipses", signal: "ellipsisPerWord", above: 0.1, channels: ["zh"],
          canary: { text: "好…看…", repeat: 20 },
        },
        {
          name: "chinese_bullets", signal: "bulletLineShare", above: 0.9, channels: ["zh"],
          canary: { text: "- 第一件事情是这样的。\n", repeat: 20 },
        },
        {
          name: "chinese_entropy", signal: "characterEntropy", below: 3, channels: ["zh"],
          when: [{ signal: "characters", above: 100 }],
          canary: { text: "哈哈哈呵呵", repeat: 60 },
        },
        {
          name: "chinese_distinct", signal: "distinctCharacterShare", below: 0.1, channels: ["zh"],
          when: [{ signal: "characters", above: 200 }, { signal: "characters", below: 1500 }],
          canary: { text: "北京办证刻章", repeat: 60 },
        },
        {
          name: "chinese_duplicate_lines", signal: "duplicateLineShare", above: 0.287, channels: ["zh"],
          canary: { text: "本店所有的商品都是正品，请您放心购买。\n", repeat: 20 },
        },
        {
          name: "chinese_duplicate_line_characters", signal: "duplicateLineTextShare", above: 0.1,
          channels: ["zh"],
          canary: { text: "本店所有的商品都是正品，请您放心购买。\n", repeat: 20 },
        },
        {
          name: "chinese_top_2_grams", signal: "topBigramShare", above: 0.256, channels: ["zh"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "免费下载", repeat: 60 },
        },
        {
          name: "chinese_top_3_grams", signal: "topTrigramShare", above: 0.201, channels: ["zh"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "北京办证刻章", repeat: 40 },
        },
        {
          name: "chinese_top_4_grams", signal: "topFourgramShare", above: 0.171, channels: ["zh"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "上海代开增值税发票", repeat: 40 },
        },
        {
          name: "chinese_duplicate_5_grams", signal: "duplicateFivegramShare", above: 0.198, channels: ["zh"],
          canary: { text: "我们是一家专业从事各种机械设备研发与销售的高新技术企业，产品远销海内外，深受广大客户的好评和信赖。", repeat: 12 },
        },
        {
          name: "chinese_duplicate_6_grams", signal: "duplicateSixgramShare", above: 0.182, channels: ["zh"],
          canary: { text: "我们是一家专业从事各种机械设备研发与销售的高新技术企业，产品远销海内外，深受广大客户的好评和信赖。", repeat: 12 },
        },
        {
          name: "chinese_duplicate_7_grams", signal: "duplicateSevengramShare", above: 0.167,
          channels: ["zh"],
          canary: { text: "我们是一家专业从事各种机械设备研发与销售的高新技术企业，产品远销海内外，深受广大客户的好评和信赖。", repeat: 12 },
        },
        {
          name: "chinese_duplicate_8_grams", signal: "duplicateEightgramShare", above: 0.154,
          channels: ["zh"],
          canary: { text: "我们是一家专业从事各种机械设备研发与销售的高新技术企业，产品远销海内外，深受广大客户的好评和信赖。", repeat: 12 },
        },
        {
          name: "chinese_duplicate_9_grams", signal: "duplicateNinegramShare", above: 0.14, channels: ["zh"],
          canary: { text: "我们是一家专业从事各种机械设备研发与销售的高新技术企业，产品远销海内外，深受广大客户的好评和信赖。", repeat: 12 },
        },
        {
          name: "chinese_duplicate_10_grams", signal: "duplicateTengramShare", above: 0.127, channels: ["zh"],
          canary: { text: "我们是一家专业从事各种机械设备研发与销售的高新技术企业，产品远销海内外，深受广大客户的好评和信赖。", repeat: 12 },
        },
      ],
    }

    """#
}
