# The books of status/agent.json: what came in of each source is what became of it. Exit status 1 when it is not so.
/"sources": *\{/ { inside = 1; next }
inside && /^    "[^"]*": *\{/ { split($0, part, "\""); name = part[2]; came = 0; became = 0 }
inside && /^      "in":/ { came = value($0) }
inside && /^      "(kept|duplicate|superseded|filtered|contaminated|rejected)":/ { became += value($0) }
inside && /^    \}/ { sources++; if (came != became) { bad = 1; print "    " name ": in " came ", accounted for " became } }
inside && /^  \}/ { inside = 0 }
function value(line) { sub(/^[^:]*: */, "", line); return line + 0 }
END { exit bad || !sources }
