# Text to JSON lines {"channel": ..., "text": ...}, the form of a ppl suite and of any .jsonl document.
# -v channel=NAME   the channel; empty leaves the member out
# -v size=BYTES     a record ends at the first blank line after so many bytes; 0 = a record a file
# -v separator=LINE a record ends at each such line instead (fortune files: %)
function quote(text) {
  gsub(/\033\[[0-9;]*m/, "", text)
  gsub(/[\001-\010\013-\037\177]/, "", text)
  gsub(/\\/, "&&", text)
  gsub(/"/, "\\\\&", text)
  gsub(/\t/, "\\t", text)
  return text
}
function flush() {
  if (text ~ /[^ \\nt]/) {
    if (channel != "") printf "{\"channel\":\"%s\",\"text\":\"%s\"}\n", channel, text
    else printf "{\"text\":\"%s\"}\n", text
  }
  text = ""
}
FNR == 1 && NR > 1 { flush() }
separator != "" && $0 == separator { flush(); next }
size > 0 && length(text) >= size && $0 ~ /^[ \t]*$/ { flush(); next }
{ text = text quote($0) "\\n" }
END { flush() }
