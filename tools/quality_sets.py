"""The sets that tools/bench-quality.py measures: which documents, from where, and what is known about them."""
import re

# About paying by QR code: the weak label calls them advertisements for their words (QR code, WeChat, scan).
NO_ADVERTISEMENTS = ("我们在商场买东西一码付二维码", "二维码的本质是一个字符串", "文库的研发同学在这个思路上")
# Files that say or show that no person wrote them: by name, or by a mark in their head.
GENERATED_NAME = re.compile(r"\.min\.|(^|/)tables[0-9.]*\.go$|/i18n/[^/]*\.js$")
GENERATED_MARK = re.compile(r"(?i)do not (edit|modify)|@generated|generated (by|from|using) |auto-?generated")

LITERARY = ["niutrans-bitext", "chinese-poetry"]
CODE = r"\.(py|go|rs|c|h|cc|cpp|hpp|java|js|ts|rb|pl|pm|erl|lisp|el|tcl|lua|php|hs|ml|sh)$"

# set -> rows of (name, package or shared corpus, pattern of paths; None: JSON Lines of the shared data)
SETS = {
    "code": [
        ("ruby", "code/ruby-stdlib", None), ("rust", "code/rust-src", None), ("python: sympy", "python3-sympy", CODE),
        ("python: django", "python3-django", CODE), ("python: ansible", "ansible-core", CODE),
        ("erlang", "erlang-src", CODE), ("lisp, C: sbcl", "sbcl-source", CODE), ("tcl", "tcllib", CODE),
        ("go: x/text", "golang-golang-x-text-dev", CODE), ("go: cobra", "golang-github-spf13-cobra-dev", CODE),
        ("go: gin", "golang-github-gin-gonic-gin-dev", CODE), ("rust: tokio", "librust-tokio-dev", CODE),
        ("rust: syn", "librust-syn-dev", CODE), ("rust: clap", "librust-clap-dev", CODE),
        ("perl: mojolicious", "libmojolicious-perl", CODE), ("lua: penlight", "lua-penlight", CODE),
        ("elisp: magit", "elpa-magit", CODE), ("C++: eigen", "libeigen3-dev", "/Eigen/"),
        ("javascript: three", "libjs-three", CODE), ("javascript: express, yargs", "node-express node-yargs", CODE),
        ("php: twig, guzzle", "php-twig php-guzzlehttp-guzzle", CODE),
        ("shell: completions", "bash-completion", "/completions/[^/]+$"), ("vim", "vim-runtime", r"\.vim$"),
        ("java: openjdk", "openjdk-17-source", CODE),
    ],
    # Fetched when the rules were done; nobody looked at what was lost.
    "new code": [
        ("python: matplotlib, pandas", "python3-matplotlib python3-pandas", CODE),
        ("go: x/tools, grpc", "golang-golang-x-tools-dev golang-google-grpc-dev", CODE),
        ("rust: regex, serde, hyper", "librust-regex-dev librust-serde-dev librust-hyper-dev", CODE),
        ("C++: boost", "libboost1.74-dev", CODE), ("ruby: rails", "ruby-activerecord ruby-actionpack", CODE),
        ("javascript: lodash", "node-lodash", CODE),
        ("php: symfony", "php-symfony-console php-symfony-http-foundation", CODE), ("octave", "octave-common", r"\.m$"),
    ],
    "readme": [("of all packages", "*", r"/readme[^/]*$|/README[^/]*$|\.(md|markdown|rst)$")],
    "math": [
        ("R vignettes", "r-cran-mgcv r-cran-nlme r-cran-vegan r-cran-zoo r-cran-quantreg r-cran-flexmix r-cran-mcmcpack",
         r"\.(Rnw|tex|Rmd)$"),
        ("LaTeX: science", "texlive-science-doc", r"\.(tex|ltx)$"),
        ("LaTeX: base, amsmath", "texlive-latex-base-doc texlive-latex-recommended-doc", r"\.(tex|ltx)$"),
        ("Chinese LaTeX", "texlive-lang-chinese", r"\.(tex|ltx)$"),
    ],
    "zh": [
        ("encyclopedic: cmrc2018-wiki", "zh/cmrc2018-wiki-zh", None),
        *[("literary: " + name, "zh/" + name, None) for name in LITERARY],
        ("statutes: just-laws", "zh/just-laws", None), ("statutes: lawrefbook", "zh/lawrefbook", None),
        *[("technical: " + name, "zh/" + name, None)
          for name in ["oi-wiki", "javaguide", "react-zh", "d2l-zh", "pingcap-docs-cn", "swift-book-zh"]],
        ("technical: manual pages", "manpages-zh", r"/zh_(CN|TW)/man\d/"),
        ("technical: Debian manuals", "debian-reference-zh-cn maint-guide-zh-cn debian-faq-zh-cn", r"\.(html|txt\.gz)$"),
        ("technical: LibreOffice help", "libreoffice-help-zh-cn", r"/text/.*\.html$"),
    ],
    "en": [
        *[(name, "en/" + name, None) for name in [
            "openstax-lifeliberty", "openstax-worldhist-psych", "standardebooks", "python-peps", "ms-cpp-docs",
            "rust-rfcs-book", "postgresql", "perl-pod"]],
        ("Debian handbook, policy", "debian-handbook debian-policy", r"/en-US/.*\.html$|policy.*\.(html|txt(\.gz)?|rst)$"),
        ("Tcl library manuals", "tcllib", r"\.html$"), ("Vim manual", "vim-runtime", r"/doc/.*\.txt$"),
        ("Perl manual pages", "libmojolicious-perl", r"\.3pm\.gz$"),
    ],
    "junk": [
        ("advertisements, Chinese", "zh.txt", "written"), ("advertisements, English", "en.txt", "written"),
        ("zh-ads-weak, half", "quality/zh-ads-weak.jsonl", "ads"), ("en-sms-spam, half", "quality/en-sms-spam", "spam"),
        ("en-clickbait, a headline a document", "quality/en-clickbait", "headlines"),
        ("en-clickbait, 40 headlines a page", "quality/en-clickbait", "pages"),
    ],
    # Short texts and lists that are no junk: what of them is taken for advertisements is what `advertisement` costs.
    "short": [
        ("questions and sentences: presidio-research", "pii/en-presidio-research", "questions"),
        ("news, a headline a document", "quality/en-clickbait", "news"),
        ("news, 40 headlines a page", "quality/en-clickbait", "news pages"),
    ],
}
ALL_PACKAGES = sorted({name for set_name, rows in SETS.items() for _, packages, pattern in rows
                       if set_name != "new code" and pattern and packages != "*" and "." not in packages and "/" not in packages
                       for name in packages.split()})
