# The columns of a trend file that a person wants first, found by name; needs -F,
NR == 1 {
  for (i = NF; i >= 1; i--) place[$i] = i
  printf "  %10s  %-22s %8s %11s %10s\n", "tokens", "checkpoint", "loss", "perplexity", "bits/byte"
  next
}
{
  printf "  %10d  %-22s %8.3f %11.1f %10.3f\n", $place["tokens"], $place["checkpoint"], $place["loss"],
    $place["perplexity"], $place["bits_per_byte"]
}
