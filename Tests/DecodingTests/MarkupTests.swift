import Decoding
import Testing

@Suite struct MarkupTests {
  @Test(
    "HTML becomes Markdown-like text",
    arguments: [
      ("<h1>Title</h1><p>One   two\nthree.</p><p>Four</p>", "# Title\n\nOne two three.\n\nFour"),
      ("<p>a<br>b</p><hr><p>c", "a\nb\n\nc"), ("<ul><li>one<li>two<ul><li>in</ul></ul>", "- one\n- two\n  - in"),
      ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
      ("<pre>\nif a &lt; b {\n  c\n}</pre>", "```\nif a < b {\n  c\n}\n```"),
      ("<table><tr><th>a</th><th>b</th></tr><tr><td><p>1</p></td><td>2</td></tr></table>", "a | b\n--- | ---\n1 | 2"),
      (
        "<p>see</p><table><tr><td></td><td>A</td></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></table><p>end",
        "see\n\n | A\n1 | 2\n\nend"
      ),
      ("<pre>\n\n  x = 1\n\n\n</pre><p>y", "```\n\n  x = 1\n```\n\ny"),
      (
        "<p>an <code></code>empty, <code>a</code><code>b</code>, <code>open <p>next</p>",
        "an empty, `ab`, `open`\n\nnext"
      ),
      ("<p>press <span hidden class=mac>Cmd</span><span hidden=\"true\">Ctrl</span>+C</p>", "press Cmd Ctrl+C"),
      ("<p class=\"menu\"><a>A</a> <a>B</a></p><p>text</p>", "text"),
      ("<h2>Part <a class=\"headerlink\" href=\"#p\">\u{B6}</a></h2><p>text</p>", "## Part\n\ntext"),
      ("<div><a>Home</a> &gt; <a>Docs</a> &gt; <a>Guide</a> &gt; Here</div><p>text</p>", "text"),
      ("<div><a>One</a> | <a>Two</a> | <a>Three</a></div><p>text</p>", "text"),
      (
        "<p>Use <a>sort</a>, <a>uniq</a> or <a>comm</a> for this kind of work.</p>",
        "Use sort, uniq or comm for this kind of work."
      ),
      (
        "<p>The Site 2.4</p><h1>T</h1><h2>Topics</h2>" + String(repeating: "<p><a>l</a></p>", count: 6) + "<h2>A</h2>x",
        "# T\n\n## A\n\nx"
      ),
      (
        "<p>A first paragraph that says enough to be a part of what the page has to say, before any title.</p><h1>T</h1>",
        "A first paragraph that says enough to be a part of what the page has to say, before any title.\n\n# T"
      ),
      ("<p>use <code>ls</code> now</p>", "use `ls` now"),
      ("<pre class='lang-c'>int x;</pre>", "```c\nint x;\n```"),
      ("<pre><code class=\"hljs language-python\">x = 1\n</code></pre>", "```python\nx = 1\n```"),
      ("<p>so <script type=\"math/tex\">x^2 < y</script> is</p>", "so $x^2 < y$ is"),
      (
        "<p>so <math><mi>x</mi><annotation encoding=\"application/x-tex\">{x}</annotation></math> is</p>", "so ${x}$ is"
      ),
      ("<p>so <math><mi>x</mi></math> is</p>", "so x is"),
      ("<table><tr><th>a</th><td>b</td></tr><tr><th>1</th><td>2</td></tr></table>", "a | b\n1 | 2"),
      ("<div class=\"related-posts\">other</div><div class=crumb>Home</div><p>text</p>", "text"),
      ("&amp;&eacute;&#20013;&#x6587;&nbsp;&hellip;&nosuch;&#147;", "&é中文\u{A0}…&nosuch;“"),
      ("<script>var a = '<p>x</p>';</script><style>p{}</style>text", "text"),
      (
        "<nav><a>x</a><nav>y</nav></nav><header><p>site</p><h1>T</h1></header><main>body</main><footer>f</footer>",
        "# T\n\nbody"
      ),
      ("<div class=\"main sidebar\">links<div>more</div></div><div>text</div>", "text"),
      ("<p>kept text</p><nav>never closed and long", "kept text\n\nnever closed and long"),
      ("<form><p>everything stands in a form</p></form>", "everything stands in a form"),
      ("a < b and c > d", "a < b and c > d"), ("<p>x<!-- no end", "x"), ("text <b", "text <b"),
      ("<p>x</p>" + String(repeating: "<li><a href='u'>link</a></li>", count: 9) + "<p>y</p>", "x\n\ny"),
    ])
  func html(page: String, text: String) {
    let outcome = readAll(page, .html)
    #expect(outcome.texts == [text])
  }

  @Test("time is linear in broken HTML", .timeLimit(.minutes(1)))
  func linear() {
    for piece in [
      "<a \"", "<!--", "<div ", "<a '<b ", "&#x", "</", "<script>", "<li>", "<nav>", "<math>", "<pre class=",
      "<tr><th>",
    ] {
      let page = Array(String(repeating: piece, count: 400_000 / piece.utf8.count).utf8)
      _ = HTMLText.markdown(page)
    }
  }

  @Test("an HTML page's own charset counts when the bytes are not UTF-8")
  func charset() {
    let korean: [UInt8] = Array("<meta charset=\"euc-kr\"><p>".utf8) + [0xB0, 0xA1, 0xB3, 0xAA] + Array("</p>".utf8)
    #expect(readAll(korean, .html).texts == ["가나"])
    #expect(readAll("<meta charset=iso-8859-1><p>schön 中文</p>", .html).texts == ["schön 中文"])
  }

  @Test("a manual page becomes text")
  func troff() {
    let page = """
      .\\" comment
      .TH LS 1 "2020" "GNU"
      .SH NAME
      ls \\- list \\fIdirectory\\fR contents
      .SH OPTIONS
      .TP
      \\fB\\-a\\fR, \\fB\\-\\-all\\fR
      do not ignore
      entries\\(emever
      .PP
      .BR cat (1),
      .I file
      .nf
      $ ls
      $ cat
      .fi
      .if n \\{\\
      .nop skipped
      .\\}
      .de XX
      hidden
      ..
      .SH "SEE ALSO"
      end
      """
    let expected = """
      # LS(1)

      ## NAME

      ls - list directory contents

      ## OPTIONS

      -a, --all
      do not ignore entries—ever

      cat(1), file

      $ ls
      $ cat

      ## SEE ALSO

      end
      """
    #expect(readAll(page, .troff).texts == [expected])
    #expect(readAll("just a text\nwithout requests", .troff).texts == ["just a text\nwithout requests"])
  }

  @Test(
    "manual pages as they are written",
    arguments: [
      (".TH A 1\n.de Sp \\\" space\n.sp\n\\$1\n..\n.SH NAME\na", "# A(1)\n\n## NAME\n\na"),
      (".SH X\n.IP \\(bu 2\none\n.IP 2. 4\ntwo\n.IP word 4\nthree", "## X\n\n• one\n\n2. two\n\nword\nthree"),
      (".SH X\n.nf\n.BI \"int f(int \" a , \\\n\" int \" b );\n.fi", "## X\n\nint f(int a, int b);\n"),
      (".SH X\nit\\*(Aqs \\*(L\"so\\*(R\"", "## X\n\nit's “so”"),
      (".SH X\n.ie n .B one\n.el .B two\n.if t .B three\n.ie \\n(.g .B four\n.el .B five", "## X\n\none five"),
      (
        ".SH X\n.TS\nallbox;\nlbx lb\nl l.\nName\tKind\nT{\n.BR f ()\nmore\nT}\tsafe\n_\na\t\n.TE\nend",
        "## X\n\nName | Kind\nf() more | safe\na |\n\nend"
      ),
      (".SH X\n.CS\nset a 1\n  set b 2\n.CE\nend", "## X\n\nset a 1\n  set b 2\n\nend"),
    ])
  func manualPages(page: String, text: String) { #expect(readAll(page, .troff).texts == [text]) }

  @Test(
    "the name tells the format",
    arguments: [
      ("a.jsonl", FileFormat(.jsonLines)), ("A.NDJSON.ZST", FileFormat(.jsonLines, compression: .zstd)),
      ("x/y.json.gz", FileFormat(.json, compression: .gzip)), ("ls.1.gz", FileFormat(.troff, compression: .gzip)),
      ("open.3pm", FileFormat(.troff)), ("a.rst", FileFormat(.text)), ("a.md", FileFormat(.markdown)),
      ("a.HTM", FileFormat(.html)),
      ("a.py", FileFormat(.code("python"))), ("a.rs.xz", FileFormat(.code("rust"), compression: .xz)),
      ("README", FileFormat(.text)), ("a.tar.gz", nil), ("noextension", nil), ("a.docx", nil), (".txt", nil),
    ] as [(String, FileFormat?)])
  func formats(name: String, format: FileFormat?) { #expect(FileFormat.detect(name: Array(name.utf8)) == format) }
}
