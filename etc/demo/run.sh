#!/bin/bash
# The system in one script: documents go in as files; blocks, a model that obeys sentinels and results come out as files.
# Everything happens below .demo/. DEMO_SIZE=small takes a few MB and about a minute.
set -eu
cd "$(dirname "$0")/../.."
pretraind=${PRETRAIND_BINARY:-$PWD/.build/release/pretraind}
demo=${DEMO_DIR:-.demo}
spool=$demo/spool
size=${DEMO_SIZE:-full}
config=etc/demo.json5
began=$SECONDS

say() { printf '%4d s  %s\n' $((SECONDS - began)) "$*"; }

# One member of a status file; these are written one member a line.
field() {  # FILE MEMBER
  sed -n 's/^ *"'"$2"'": *"\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' "$spool/status/$1.json" 2>/dev/null | head -n 1
}

progress() {
  local loss
  loss=$(field trainer loss)
  say "agent $(field agent state), $(field agent documents) documents, $(field agent next) blocks;" \
    "trainer $(field trainer state), block $(field trainer block), step $(field trainer step), loss ${loss:0:5};" \
    "evaluator $(field evaluator done) results"
}

# ---- 1. Documents: real Chinese, English and code from Debian packages

tools/deps demo
tools/progress corpus etc/demo/corpus.sh "$demo" "$size"

# ---- 2. A spool, and the documents dropped into it as a person would: cp

rm -rf "$spool"
"$pretraind" check --config $config
"$pretraind" init "$spool"
cp -r "$demo/documents/." "$spool/incoming/"
cp -r "$demo/suites/." "$spool/eval/suites/"

# ---- 3. Agent, trainer and evaluator, until nothing is left to do

overrides=
[ "$size" = small ] && overrides="--set tokenize.train_mb=3 --set compose.block_tokens=49152 --set train.peak_lr=0.004"
# shellcheck disable=SC2086
"$pretraind" up --spool "$spool" --config $config $overrides --until-idle --flush >"$demo/up.log" 2>&1 &
up=$!
trap 'kill $up 2>/dev/null || true' EXIT

# ---- 4. Two sentinels on the way: a checkpoint now; back to the state before the current block

ask() {  # VERB
  touch "$spool/control/$1"
  say "touch $spool/control/$1"
}

saved=
rolled=
told=0
log=0
while kill -0 $up 2>/dev/null; do
  sleep 0.5
  block=$(field trainer block)
  state=$(field trainer state)
  window=$(field trainer window)
  if [ -z "$saved" ] && [ "${block:-0}" -ge 1 ] && [ "$state" = training ]; then
    ask save
    saved=yes
  elif [ -n "$saved" ] && [ -z "$rolled" ] && [ "${block:-0}" -ge 2 ] && [ "${window:-0}" -ge 64 ]; then
    ask rollback
    rolled=yes
  fi
  # What the three say themselves, then every 4 seconds how they are.
  lines=$(wc -l <"$demo/up.log")
  [ "$lines" -gt "$log" ] && tail -n +$((log + 1)) "$demo/up.log" | head -n $((lines - log)) | sed 's/^[^ ]* /        /'
  log=$lines
  if [ $((SECONDS - told)) -ge 4 ]; then
    progress
    told=$SECONDS
  fi
done
result=0
wait $up || result=$?
trap - EXIT
[ $result = 0 ] || { tail -n 5 "$demo/up.log"; say "up ended with exit code $result"; exit $result; }
progress

# ---- 5. What came out, and where

echo
echo "Documents, per source ($spool/status/agent.json):"
"$pretraind" status --spool "$spool" | grep -E '^ +[^ ]+: in ' || true
echo
echo "Removed on the way: $(find "$spool/filtered" -name '*.jsonl' | wc -l) rules with samples to read in $spool/filtered," \
  "$(find "$spool/rejected" -name '*.reason.json' | wc -l) files rejected with a reason in $spool/rejected"
echo
echo "Blocks ($spool/blocks, open in Megatron-LM and numpy as they are):"
"$pretraind" block verify --spool "$spool" | sed 's/^/  /'
echo
echo "Sentinels and their answers ($spool/control/ack):"
for verb in save rollback; do
  answer=$spool/control/ack/last-$verb.json
  [ -e "$answer" ] || { echo "  $verb: no answer"; result=1; continue; }
  echo "  $verb: $(sed -n 's/^ *"\(state\|message\)": *"\(.*\)",\{0,1\}$/\2/p' "$answer" | tr '\n' ' ')"
done
echo
echo "Checkpoints ($spool/checkpoints, load with transformers):"
find "$spool/checkpoints" -name COMMIT.json | sed 's|.*/checkpoints/\(.*\)/COMMIT.json|  \1|' | LC_ALL=C sort
echo
echo "Loss ($spool/runs/main/metrics.jsonl; tensorboard --logdir $spool/runs/main/tb):"
awk -v width=72 -v height=14 -f etc/demo/curve.awk "$spool/runs/main/metrics.jsonl"
for trend in "$spool"/eval/trends/ppl-*.csv; do
  echo
  echo "Held-out text, ${trend##*/} by tokens eaten ($trend):"
  awk -F, -f etc/demo/trend.awk "$trend"
done
echo
# The demo is a test too: it held if the loss fell and every sentinel was obeyed.
etc/demo/check.sh "$spool" || result=1
say "$([ $result = 0 ] && echo "done; all of it is in $demo" || echo "FAILED; see $demo/up.log")"
exit $result
