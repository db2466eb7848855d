/// Made by tools/rules from etc/rules/default.json5; do not edit.
extension BuiltInRules {
  static let defaultText = #"""
    // Rules that drop whole documents. Asked in this order within a document's channel; the first hit names the
    // reason, all signals are recorded. `when` limits a rule to documents whose other signals allow a judgement.
    // Each rule has a canary, a text it must hit, checked at start. English: Gopher (arXiv 2112.11446), FineWeb
    // (arXiv 2406.17557); Chinese: the same ideas without a word segmenter, so that classical prose, verse,
    // statutes and manuals survive.
    {
      rules: [
        // Any channel.
        { name: "empty", signal: "characters", below: 10, canary: "ok" },
        {
          name: "broken_text", signal: "replacementShare", above: 0.02,
          canary: { text: "te\uFFFDxt \uFFFD\uFFFD", repeat: 20 },
        },

        // Neither Chinese nor English: foreign scripts would poison both channels. 'en' takes what is left over.
        {
          name: "language", signal: "otherScriptShare", above: 0.3, channels: ["en", "zh"],
          canary: { text: "Это предложение написано по-русски. ", repeat: 10 },
        },
        {
          name: "language_kana", signal: "kanaShare", above: 0.08, channels: ["zh", "en"],
          canary: { text: "これは日本語の文章です。", repeat: 10 },
        },
        {
          name: "language_latin", signal: "stopWordShare", below: 0.04, channels: ["en"],
          when: [{ signal: "hanShare", below: 0.05 }, { signal: "words", above: 80 }, { signal: "endPunctuationLineShare", above: 0.3 }],
          canary: { text: "Le gouvernement français souhaite maintenir cette politique pour toute la durée du mandat.\n", repeat: 12 },
        },

        // The manner of advertisements, spam and clickbait, by a trained model; articles about trade stay, and so do
        // lists.
        {
          name: "advertisement", signal: "advertisement", above: 0.3, channels: ["zh", "en"],
          canary: "Order now and get 50% off! Free shipping worldwide, call our hotline today, limited time offer, money back guarantee.",
        },

        // English. A page that is mostly carved-out code needs few words.
        {
          name: "en_short", signal: "words", below: 20, channels: ["en"],
          when: [{ signal: "carvedShare", below: 0.5 }],
          canary: "Page not found. Please try again.",
        },
        {
          name: "en_word_length", signal: "meanWordLength", above: 10, channels: ["en"], except_genres: ["manual"],
          canary: { text: "internationalization-notwithstanding ", repeat: 30 },
        },
        {
          // Web addresses are words, and a page of references has many.
          name: "en_word_length_manual", signal: "meanWordLength", above: 16, channels: ["en"], genres: ["manual"],
          canary: { text: "internationalization-notwithstanding ", repeat: 30 },
        },
        {
          name: "en_letters", signal: "alphabeticWordShare", below: 0.5, channels: ["en"],
          when: [{ signal: "carvedShare", below: 0.5 }],
          canary: { text: "12 345 678 items 90 12 34 ", repeat: 10 },
        },
        {
          // Rulers under titles are marks too: soup_manual judges manuals.
          name: "en_symbols", signal: "symbolShare", above: 0.2, channels: ["en"], except_genres: ["manual"],
          canary: { text: "$$$ ^^^ ~~~ |||+++ === win <<< >>> ", repeat: 20 },
        },
        {
          name: "en_punctuation", signal: "punctuationShare", above: 0.4, channels: ["en"], except_genres: ["manual"],
          canary: { text: "!!! ??? ... *** /// win ### @@@ ", repeat: 20 },
        },
        {
          name: "en_ellipsis_lines", signal: "ellipsisLineShare", above: 0.3, channels: ["en"],
          when: [{ signal: "lines", above: 5 }],
          canary: { text: "And then we saw the first of the...\n", repeat: 20 },
        },
        {
          name: "en_stop_words", signal: "distinctStopWords", below: 2, channels: ["en"],
          when: [{ signal: "words", above: 80 }],
          canary: { text: "cheap watches brand shoes replica bags discount sunglasses ", repeat: 15 },
        },
        {
          name: "en_duplicate_lines", signal: "duplicateLineCharacterShare", above: 0.3, channels: ["en"], except_genres: ["manual"],
          canary: { text: "The best place to buy all of the things that you need.\n", repeat: 20 },
        },
        {
          name: "en_duplicate_lines_manual", signal: "duplicateLineCharacterShare", above: 0.6, channels: ["en"],
          canary: { text: "The best place to buy all of the things that you need.\n", repeat: 20 },
        },
        {
          name: "en_top_ngrams_short", signal: "topFourgramShare", above: 0.4, channels: ["en"], except_genres: ["manual"],
          canary: { text: "buy cheap watches online ", repeat: 10 },
        },
        {
          name: "en_top_ngrams", signal: "topFourgramShare", above: 0.18, channels: ["en"], except_genres: ["manual"],
          when: [{ signal: "words", above: 150 }],
          canary: { text: "buy cheap watches online ", repeat: 40 },
        },
        {
          name: "en_top_trigrams", signal: "topTrigramShare", above: 0.22, channels: ["en"], except_genres: ["manual"],
          when: [{ signal: "words", above: 110 }],
          canary: { text: "best cheap watches ", repeat: 40 },
        },
        {
          name: "en_top_bigrams", signal: "topBigramShare", above: 0.25, channels: ["en"], except_genres: ["manual"],
          when: [{ signal: "words", above: 90 }],
          canary: { text: "cheap watches ", repeat: 50 },
        },
        {
          // Every sign of a ruler under a title is a unit: only where the passages repeat as well.
          name: "en_top_ngrams_manual", signal: "topFourgramShare", above: 0.6, channels: ["en"], genres: ["manual"],
          when: [{ signal: "duplicateTengramShare", above: 0.5 }],
          canary: { text: "buy cheap watches online ", repeat: 40 },
        },
        {
          name: "en_repeated_passages", signal: "duplicateTengramShare", above: 0.5, channels: ["en"], except_genres: ["manual"],
          canary: { text: "We have the widest range of products that you will find, and with the lowest of all prices. ", repeat: 20 },
        },
        {
          name: "repeated_passages_manual", signal: "duplicateTengramShare", above: 0.75, channels: ["en", "zh"], genres: ["manual"],
          canary: { text: "We have the widest range of products that you will find, and with the lowest of all prices. ", repeat: 20 },
        },
        {
          name: "soup_manual", signal: "alphanumericShare", below: 0.35, channels: ["en", "zh"], genres: ["manual"],
          when: [{ signal: "carvedShare", below: 0.5 }],
          canary: { text: "!!! ??? ... *** /// win ### @@@ ", repeat: 20 },
        },
        {
          name: "en_promotion", signal: "keywordShare", above: 0.08, channels: ["en"],
          canary: { text: "Home About us Contact us Privacy policy Terms of use Sign in Lorem ipsum dolor sit amet. ", repeat: 3 },
        },
        {
          name: "en_links", signal: "urlShare", above: 0.6, channels: ["en"], except_genres: ["manual"],
          canary: { text: "see https://example.com/a/very/long/path/to/nothing/at/all?id=123 ", repeat: 10 },
        },
        {
          name: "en_navigation", signal: "endPunctuationLineShare", below: 0.05, channels: ["en"],
          when: [{ signal: "shortLineShare", above: 0.85 }, { signal: "lines", above: 12 }, { signal: "stopWordShare", below: 0.12 }],
          canary: { text: "Home\nProducts\nNews archive\nSupport\nLatest offers\nDownloads\n", repeat: 8 },
        },

        // Chinese, by characters. Verse and law have their own measure.
        {
          name: "zh_short", signal: "characters", below: 50, channels: ["zh"], except_genres: ["poetry", "law"],
          canary: "对不起，您访问的页面不存在。",
        },
        {
          name: "zh_han", signal: "hanShare", below: 0.05, channels: ["zh"], except_genres: ["manual"],
          canary: { text: "abc 中 1234567890 /// ==== ", repeat: 10 },
        },
        {
          name: "zh_entropy", signal: "characterEntropy", below: 3, channels: ["zh"], except_genres: ["manual"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "哈哈哈呵呵", repeat: 60 },
        },
        {
          name: "zh_stop_characters", signal: "stopCharacterShare", below: 0.02, channels: ["zh"], except_genres: ["poetry"],
          when: [{ signal: "characters", above: 200 }, { signal: "hanShare", above: 0.3 }],
          canary: { text: "手机壳批发厂家直销男装女装童装运动鞋皮带手表钱包眼镜围巾", repeat: 10 },
        },
        {
          name: "zh_punctuation", signal: "punctuationShare", below: 0.01, channels: ["zh"], except_genres: ["poetry"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "首页 产品 新闻 关于 我们 联系 方式 招聘 信息 下载 中心\n", repeat: 12 },
        },
        {
          name: "zh_punctuation_soup", signal: "punctuationShare", above: 0.5, channels: ["zh"], except_genres: ["manual"],
          canary: { text: "好！！！？？？。。。，，，、、、", repeat: 20 },
        },
        {
          name: "zh_symbols", signal: "symbolShare", above: 0.25, channels: ["zh"],
          canary: { text: "★★☆☆◆◆好评▲▲▼▼的", repeat: 20 },
        },
        {
          name: "zh_digits", signal: "digitShare", above: 0.35, channels: ["zh"],
          canary: { text: "第 01 期 12 05 33 28 19 07 开奖号码 ", repeat: 20 },
        },
        {
          name: "zh_brackets", signal: "bracketShare", above: 0.1, channels: ["zh"],
          canary: { text: "【正品】【包邮】【特价】", repeat: 20 },
        },
        {
          name: "zh_duplicate_lines", signal: "duplicateLineCharacterShare", above: 0.4, channels: ["zh"], except_genres: ["manual"],
          canary: { text: "本店所有的商品都是正品，请您放心购买。\n", repeat: 20 },
        },
        {
          name: "zh_duplicate_lines_manual", signal: "duplicateLineCharacterShare", above: 0.7, channels: ["zh"],
          canary: { text: "本店所有的商品都是正品，请您放心购买。\n", repeat: 20 },
        },
        {
          name: "zh_top_ngrams_any", signal: "topTrigramShare", above: 0.45, channels: ["zh"],
          when: [{ signal: "characters", above: 100 }],
          canary: { text: "北京办证刻章", repeat: 40 },
        },
        {
          name: "zh_top_ngrams", signal: "topFourgramShare", above: 0.2, channels: ["zh"], except_genres: ["poetry", "manual", "law"],
          when: [{ signal: "characters", above: 250 }],
          canary: { text: "上海代开增值税发票", repeat: 40 },
        },
        {
          name: "zh_top_trigrams", signal: "topTrigramShare", above: 0.22, channels: ["zh"], except_genres: ["poetry", "manual", "law"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "北京办证刻章", repeat: 40 },
        },
        {
          name: "zh_top_bigrams", signal: "topBigramShare", above: 0.28, channels: ["zh"], except_genres: ["poetry", "manual", "law"],
          when: [{ signal: "characters", above: 200 }],
          canary: { text: "免费下载", repeat: 60 },
        },
        {
          name: "zh_repeated_passages", signal: "duplicateTengramShare", above: 0.5, channels: ["zh"], except_genres: ["manual"],
          canary: { text: "我们是一家专业从事各种机械设备研发与销售的高新技术企业，产品远销海内外，深受广大客户的好评和信赖。", repeat: 12 },
        },
        {
          name: "zh_promotion", signal: "keywordShare", above: 0.1, channels: ["zh"],
          canary: { text: "网站首页 关于我们 联系我们 友情链接 版权所有 扫码关注微信公众号，立即购买享受限时优惠。", repeat: 3 },
        },
        {
          name: "zh_links", signal: "urlShare", above: 0.6, channels: ["zh"], except_genres: ["manual"],
          canary: { text: "下载 https://example.com/a/very/long/path/to/nothing/at/all?id=123 ", repeat: 10 },
        },
        {
          name: "zh_navigation", signal: "endPunctuationLineShare", below: 0.08, channels: ["zh"], except_genres: ["poetry", "manual"],
          when: [{ signal: "shortLineShare", above: 0.85 }, { signal: "lines", above: 12 }],
          canary: { text: "首页\n产品中心\n新闻动态\n成功案例\n人才招聘\n在线留言\n", repeat: 8 },
        },

        // Lists of phrases (etc/keywords), by the share of the text's bytes that they cover: never by a single hit.
        { name: "adult_phrases", signal: "adultShare", above: 0.03, channels: ["zh", "en"], canary: "list" },
        { name: "gambling_phrases", signal: "gamblingShare", above: 0.03, channels: ["zh", "en"], canary: "list" },

        // Code.
        { name: "code_short", signal: "characters", below: 40, channels: ["code"], canary: "x = 1\n" },
        {
          // One long line of data among many others is no minified file, and a minified file has no thousand lines.
          name: "code_longest_line", signal: "longestLine", above: 5000, channels: ["code"],
          when: [{ signal: "meanLineLength", above: 200 }, { signal: "lines", below: 1000 }],
          canary: { text: "var a=function(b){return b};", repeat: 300 },
        },
        {
          name: "code_mean_line", signal: "meanLineLength", above: 200, channels: ["code"],
          when: [{ signal: "lines", below: 60 }],
          canary: { text: "var a=function(b){return b};", repeat: 100 },
        },
        {
          // Tests of formulas have hundreds of lines of 500; what a tool wrote has more in each.
          name: "code_mean_line_long", signal: "meanLineLength", above: 600, channels: ["code"],
          canary: { text: "var a=function(b){return b};", repeat: 100 },
        },
        {
          name: "code_alphanumeric", signal: "alphanumericShare", below: 0.25, channels: ["code"],
          canary: { text: "[[--]]{{++}}((//))<<==>>::;;,,..\n", repeat: 20 },
        },
        {
          name: "code_data", signal: "numericLineShare", above: 0.7, channels: ["code"],
          when: [{ signal: "lines", above: 20 }],
          canary: { text: "0x01, 0x02, 0x03, 0x04, 0x05,\n", repeat: 40 },
        },
        {
          name: "code_digits", signal: "digitShare", above: 0.5, channels: ["code"],
          canary: { text: "{12345, 67890, 13579, 24680},\n", repeat: 20 },
        },
        {
          // Data in letters; one such word in a long program is a small part of it.
          name: "code_encoded", signal: "longestWord", above: 1000, channels: ["code"],
          when: [{ signal: "meanLineLength", above: 100 }],
          canary: { text: "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkw", repeat: 40 },
        },
        {
          name: "code_duplicate_lines", signal: "duplicateLineCharacterShare", above: 0.8, channels: ["code"],
          when: [{ signal: "lines", above: 40 }],
          canary: { text: "  push(stack, value);\n", repeat: 60 },
        },

        // Math is rare and odd-looking: only what is no text at all.
        { name: "math_short", signal: "characters", below: 40, channels: ["math"], canary: "$x$" },
        {
          name: "math_duplicate_lines", signal: "duplicateLineCharacterShare", above: 0.7, channels: ["math"],
          canary: { text: "\\\\[ x = y + z \\\\]\n", repeat: 30 },
        },
      ],
    }

    """#
}
