import Bytes
import Documents
import Filtering
import Testing

/// The share of a source file's lines that are comments.
@Suite struct CommentLinesTests {
  static let cases: [(String, Float)] = [
    ("int a;\nint b;\n", 0), ("// one\nint a;\n", 0.5), ("/* one\n two\n three */\nint a;\n", 0.75),
    ("/* one */ int a;\n\n\nint b;\n", 0.5), ("#include <a.h>\n#define B\n# a comment\n#\n", 0.5),
    ("#[derive(Clone)]\nstruct A;\n/// doc\n//! doc\n", 0.5), ("-- sql\nselect 1;\n-1\n--\n", 0.5),
    ("\"\"\"Doc.\n\nMore.\n\"\"\"\nx = 1\n", 0.75), ("\"\"\"Doc.\"\"\"\nx = 1\n", 0.5),
    ("sub a {}\n=head1 NAME\n\ntext\n\n=cut\nsub b {}\n", 0.6), (";; lisp\n(defun a ())\n; b\n(b);\n", 0.5),
    ("% erlang\nfoo() -> ok.\n%% b\n<!-- c -->\n", 0.75), ("", 0), ("/* never closed\nint a;\n", 1),
  ]

  @Test(arguments: cases) func linesAreCounted(_ text: String, _ share: Float) {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.channel = .code
    SignalMeter().process(&document)
    #expect(abs(document.signals[.commentLineShare] - share) < 0.001, "\(text)")
  }

  @Test func proseHasNone() {
    var document = Document(
      id: Identifier(high: 0, low: 0), text: Array("# A title\n\nSome text.\n".utf8), source: "test", origin: "test")
    document.channel = .english
    SignalMeter().process(&document)
    #expect(document.signals[.commentLineShare] == 0)
  }
}
