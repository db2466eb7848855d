#!/bin/bash
# What must hold after the demo, told line by line. usage: check.sh SPOOL      exit status 1 when something does not hold
set -u
spool=$1
here=$(dirname "$0")
status=0

hold() {  # TEXT COMMAND...
  local text=$1
  shift
  if "$@"; then
    echo "  ok      $text"
  else
    echo "  FAILED  $text"
    status=1
  fi
}

below() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && b != "" && a + 0 < b + 0) }'; }

loss_of() {  # head|tail: mean loss of the first or last 16 steps
  "$1" -n 16 "$spool/runs/main/metrics.jsonl" |
    awk 'match($0, /"loss":[0-9.eE+-]+/) { s += substr($0, RSTART + 7, RLENGTH - 7); n++ } END { if (n) print s / n }'
}

trend() {  # FILE head|tail: the loss of the first or last checkpoint
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "loss") p = i; next } { print $p }' "$1" | "$2" -n 1
}

done_ack() { grep -q '"state": *"done"' "$spool/control/ack/last-$1.json" 2>/dev/null; }

sums() { awk -f "$here/sums.awk" "$spool/status/agent.json"; }

blocks=$(find "$spool/blocks" -name 'part-*.json' | wc -l)
parts=$(find "$spool/checkpoints" -path '*/part-*/COMMIT.json' | sed 's|.*/\(part-[0-9]*\)/.*|\1|' | sort -u | wc -l)
echo "What must hold:"
hold "in = kept + duplicate + superseded + filtered + contaminated + rejected, for every source" sums
hold "there are blocks ($blocks), and a checkpoint after each ($parts)" test "$blocks" -gt 2 -a "$blocks" = "$parts"
hold "no file was left in incoming/" test -z "$(find "$spool/incoming" -type f ! -name '.*')"
hold "save was done" done_ack save
hold "rollback was done" done_ack rollback
first=$(loss_of head)
last=$(loss_of tail)
# The small demo trains on 0.4 million tokens, the full one on 2: e times as likely as chance, or ten times.
most=6.8
[ "${DEMO_SIZE:-full}" = small ] && most=8.0
hold "training loss fell from $first to $last, well below log(8192) = 9.01" below "$last" $most
for file in "$spool"/eval/trends/ppl-*.csv; do
  name=$(basename "$file" .csv)
  hold "$name fell from $(trend "$file" head) to $(trend "$file" tail)" \
    below "$(trend "$file" tail)" "$(trend "$file" head)"
done
exit $status
