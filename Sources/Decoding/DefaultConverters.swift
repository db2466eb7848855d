/// The text of `etc/converters.json5`, built in so that the program needs no file to start.
enum DefaultConverters {
  static let text = #"""
    {
      converters: [
        {
          extensions: ["pdf"],
          chain: [
            {
              command: ["pdftotext", "-q", "-enc", "UTF-8", "{file}", "-"], gives: "text", package: "poppler-utils",
              least_per_page: 64,
            },
            // Page by page, without temporary files. (Not ocrmypdf: run by root it was seen to remove /dev/null.)
            {
              command: [
                "sh", "-c",
                "set -e; export OMP_THREAD_LIMIT=1; info=$(pdfinfo \"$1\"); page=1; \
    pages=$(echo \"$info\" | sed -n 's/^Pages: *//p'); while [ $page -le $pages ]; do \
    pdftoppm -f $page -l $page -r 300 -gray \"$1\" | tesseract - - -l chi_sim+eng || exit $?; \
    page=$((page + 1)); done",
                "sh", "{file}",
              ],
              name: "tesseract", gives: "text", package: "poppler-utils tesseract-ocr tesseract-ocr-chi-sim",
              least_per_page: 1, seconds: 600, memory_mb: 4096,
            },
            {
              command: [
                "sh", "-c",
                "set -e; export OMP_THREAD_LIMIT=1; info=$(pdfinfo \"$1\"); page=1; \
    pages=$(echo \"$info\" | sed -n 's/^Pages: *//p'); while [ $page -le $pages ]; do \
    pdftoppm -f $page -l $page -r 300 -gray \"$1\" | tesseract - - -l eng || exit $?; \
    page=$((page + 1)); done",
                "sh", "{file}",
              ],
              name: "tesseract", gives: "text", package: "poppler-utils tesseract-ocr", seconds: 600, memory_mb: 4096,
            },
          ],
        },
        {
          extensions: ["docx"],
          chain: [
            {
              command: [
                "pandoc", "--sandbox", "--wrap=none", "-f", "docx", "-t",
                "markdown_strict+pipe_tables+backtick_code_blocks+tex_math_dollars",
              ],
              gives: "markdown", package: "pandoc",
            },
          ],
        },
        {
          extensions: ["odt"],
          chain: [
            {
              command: [
                "pandoc", "--sandbox", "--wrap=none", "-f", "odt", "-t",
                "markdown_strict+pipe_tables+backtick_code_blocks+tex_math_dollars",
              ],
              gives: "markdown", package: "pandoc",
            },
          ],
        },
        {
          extensions: ["epub"],
          chain: [
            {
              command: [
                "pandoc", "--sandbox", "--wrap=none", "-f", "epub-native_divs-native_spans", "-t",
                "markdown_strict+pipe_tables+backtick_code_blocks+tex_math_dollars-raw_html",
              ],
              gives: "markdown", package: "pandoc", memory_mb: 4096,
            },
          ],
        },
        {
          extensions: ["fb2"],
          chain: [
            {
              command: [
                "pandoc", "--sandbox", "--wrap=none", "-f", "fb2", "-t",
                "markdown_strict+pipe_tables+backtick_code_blocks+tex_math_dollars-raw_html",
              ],
              gives: "markdown", package: "pandoc",
            },
          ],
        },
        {
          extensions: ["ipynb"],
          chain: [
            {
              command: [
                "pandoc", "--sandbox", "--wrap=none", "-f", "ipynb", "-t",
                "markdown_strict+pipe_tables+backtick_code_blocks+tex_math_dollars",
              ],
              gives: "markdown", package: "pandoc",
            },
          ],
        },
        {
          extensions: ["adoc", "asciidoc"],
          chain: [
            {
              command: ["asciidoctor", "-S", "secure", "-b", "html5", "-s", "-o", "-", "-"], gives: "html",
              package: "asciidoctor", files_mb: 16,
            },
            { command: [], gives: "text" },
          ],
        },
        {
          extensions: ["doc"],
          chain: [
            { command: ["antiword", "-m", "UTF-8.txt", "-w", "0", "{file}"], gives: "text", package: "antiword" },
            { command: ["catdoc", "-d", "utf-8", "-w", "{file}"], gives: "text", package: "catdoc" },
          ],
        },
        {
          extensions: ["djvu", "djv"],
          chain: [{ command: ["djvutxt", "{file}"], gives: "text", package: "djvulibre-bin" }],
        },
        {
          extensions: ["ps", "eps"],
          chain: [{ command: ["ps2ascii", "{file}"], gives: "text", package: "ghostscript", files_mb: 256 }],
        },
        {
          extensions: ["parquet"],
          chain: [
            {
              command: [
                "python3", "-c",
                "import sys, json\ntry: import pyarrow.parquet as p\nexcept ImportError: sys.exit(127)\n\
    for batch in p.ParquetFile(sys.argv[1]).iter_batches(1024):\n\
      for row in batch.to_pylist(): print(json.dumps(row, ensure_ascii=False, default=str))",
                "{file}",
              ],
              name: "pyarrow", gives: "jsonl", package: "python3-pip, then pyarrow by pip,", memory_mb: 8192,
            },
          ],
        },
        {
          extensions: ["arrow", "feather"],
          chain: [
            {
              command: [
                "python3", "-c",
                "import sys, json\ntry: import pyarrow.feather as f\nexcept ImportError: sys.exit(127)\n\
    for batch in f.read_table(sys.argv[1]).to_batches(1024):\n\
      for row in batch.to_pylist(): print(json.dumps(row, ensure_ascii=False, default=str))",
                "{file}",
              ],
              name: "pyarrow", gives: "jsonl", package: "python3-pip, then pyarrow by pip,", memory_mb: 8192,
            },
          ],
        },
      ],
    }
    """#
}
