# metrics.jsonl to a loss curve in text: loss over the order in which steps were made, so that a rollback is seen as what it
# is. A digit is the lineage; a column shows the mean of its steps.
# -v width=COLUMNS -v height=ROWS
function number(key,   rest) {
  rest = $0
  if (!match(rest, "\"" key "\":[-0-9.eE+]+")) return ""
  return substr(rest, RSTART + length(key) + 3, RLENGTH - length(key) - 3) + 0
}
/"loss":/ {
  n++
  loss[n] = number("loss"); lineage[n] = number("lineage"); tokens[n] = number("tokens")
}
END {
  if (n == 0) { print "no steps yet"; exit }
  if (!width) width = 72
  if (!height) height = 16
  if (width > n) width = n
  low = 1e9; high = -1e9
  for (c = 1; c <= width; c++) {
    from = int((c - 1) * n / width) + 1; to = int(c * n / width)
    sum = 0
    for (i = from; i <= to; i++) sum += loss[i]
    mean[c] = sum / (to - from + 1); sign[c] = lineage[to] % 10
    if (mean[c] < low) low = mean[c]
    if (mean[c] > high) high = mean[c]
  }
  span = high > low ? high - low : 1
  for (r = height; r >= 1; r--) {
    line = ""
    for (c = 1; c <= width; c++) {
      row = 1 + int((mean[c] - low) / span * (height - 1) + 0.5)
      line = line (row == r ? sign[c] : " ")
    }
    sub(/ +$/, "", line)
    printf "%6.2f |%s\n", low + (r - 1) * span / (height - 1), line
  }
  rule = sprintf("%" width "s", ""); gsub(/ /, "-", rule)
  printf "  loss +%s\n", rule
  printf "        step 1 ... %d, %.2f million tokens trained on; digit = lineage\n", n, tokens[n] / 1e6
}
