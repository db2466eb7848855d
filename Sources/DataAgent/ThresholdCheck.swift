import Posix
import Spool

/// What the next start finds of thresholds chosen for `dedupe.target_tokens`: the rows W of docs/SPOOL.md.
struct ThresholdCheck {
  let root: Directory
  let history: ThresholdHistory

  func run(_ findings: inout SpoolFindings) {
    if history.isOpen {
      findings.add("W1", .remade, "state/journal", "a choice of thresholds that was not finished: chosen again")
    }
    if root.exists(Path("state") / SurveyFolder.name) {
      findings.add("W2", .removed, "state/survey", "what a survey of duplicates had laid aside")
    }
  }
}
