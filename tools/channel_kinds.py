"""Kinds of documents for the channel model: what it learns from besides the corpora, and what it is asked about."""
from quality_sets import CODE, SETS

PERL = "libcatalyst-perl libdbix-class-perl libtemplate-perl libwww-perl libdatetime-perl"

# Kinds that only label: (channel, name, packages, pattern of paths). Those of SETS label too, their tuned half.
LABELLED = [
    ("en", "Perl manual pages", PERL, r"\.3pm\.gz$"),
    ("en", "Git manual", "git-doc", r"\.html$"),
    ("en", "Django manual", "python-django-doc", r"/html/.*\.html$"),
    ("en", "GHC user guide", "ghc-doc", r"/users_guide/.*\.html$"),
    ("en", "aptitude manual", "aptitude-doc-en", r"\.html$"),
    ("code", "Perl modules, POD and all", PERL, r"\.pm$"),
    ("code", "Emacs Lisp", "emacs-el elpa-helm elpa-flycheck", r"\.el(\.gz)?$"),
    ("code", "Python, scientific", "python3-networkx python3-numpy python3-scipy", CODE),
    ("code", "TypeScript declarations", "node-typescript", r"\.ts$"),
    ("math", "LaTeX, humanities", "texlive-humanities-doc", r"\.(tex|ltx)$"),
    ("math", "LaTeX, MetaPost", "texlive-metapost-doc", r"\.(tex|ltx)$"),
    ("math", "LaTeX, German", "texlive-lang-german", r"\.(tex|ltx)$"),
    ("zh", "GIMP help", "gimp-help-zh-cn", r"\.html$"),
    ("zh", "Debian manuals, Taiwan", "debian-reference-zh-tw maint-guide-zh-tw", r"\.html$"),
]

# Packages that no label is from; of most of these kinds there are labels from other packages.
UNSEEN = [
    ("en", "Perl manual pages", "libmoose-perl libdbi-perl libhtml-parser-perl", r"\.3pm\.gz$"),
    ("en", "Python manual", "python3.11-doc", r"\.html$"),
    ("code", "Perl modules, POD and all", "libmoose-perl libdbi-perl", r"\.pm$"),
    ("code", "Python", "python3-flask", CODE), ("code", "Emacs Lisp", "elpa-company", CODE),
    ("math", "LaTeX of publishers", "texlive-publishers-doc", r"\.(tex|ltx)$"),
    ("zh", "LibreOffice help, Taiwan", "libreoffice-help-zh-tw", r"/text/.*\.html$"),
]

OF_SETS = {"code": "code", "readme": "en", "math": "math", "zh": "zh", "en": "en"}


def labelled():
    """(channel, name of the kind, packages, pattern, whether only a half of its documents may be learnt from)"""
    for set_name, channel in OF_SETS.items():
        for name, packages, pattern in SETS[set_name]:
            if pattern:
                yield channel, f"{set_name}-{name}", packages, pattern, True
    for channel, name, packages, pattern in LABELLED:
        yield channel, name, packages, pattern, False
