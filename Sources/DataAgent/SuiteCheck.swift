import Bytes
import Posix
import Spool

/// What the agent's next start would do about suites: the rows D of docs/SPOOL.md.
struct SuiteCheck {
  let root: Directory
  let history: SuiteHistory

  func run(_ findings: inout SpoolFindings) throws {
    let there = (try? root.open("eval/suites")).map(SuiteFiles.digests) ?? [:]
    let known = history.digests
    for (id, digest) in there.sorted(by: { $0.key < $1.key }) where known[id] != digest {
      let what = known[id] == nil ? "not looked for yet" : "changed"
      findings.add("D1", .adopted, "eval/suites/\(id).jsonl", "\(what): the corpus is searched for it")
    }
    for id in known.keys.sorted() where there[id] == nil {
      findings.add("D1", .adopted, "eval/suites/\(id).jsonl", "gone: documents that held it are judged again")
    }
    if history.isPending {
      findings.add(
        "D2", .goesOn, "eval/suites",
        "batches \(history.nextBatch) to \(history.endBatch - 1) are not judged yet: judged from there on")
    }
    try checkReports(known, &findings)
    findings.say("suites", known.isEmpty ? "none is looked for" : "\(known.count) are looked for")
  }

  private func checkReports(_ known: [String: String], _ findings: inout SpoolFindings) throws {
    let folder = try? root.open(ContaminationReport.folder)
    let names = Set(try folder?.names() ?? [])
    let wanted = Set(known.keys.map(ContaminationReport.name))
    for name in wanted.subtracting(names).sorted() {
      findings.add("D3", .remade, "\(ContaminationReport.folder)/\(name)", "written again from what the journal says")
    }
    for name in names.subtracting(wanted).sorted() where !name.hasPrefix(".") && name.hasSuffix(".json") {
      findings.add("D4", .removed, "\(ContaminationReport.folder)/\(name)", "of a suite that is not looked for")
    }
  }
}
