import Posix
import Spool

/// What the next start finds of the tables of documents: the rows Y of docs/SPOOL.md.
struct SealedCheck {
  let root: Directory
  /// Documents of each batch that the journal's snapshot lists.
  let listed: [Int]

  func run(_ findings: inout SpoolFindings) throws {
    guard let folder = try root.openIfThere("state/documents") else { return }
    var sealed = try SealedFolder(folder, corpus: try root.openIfThere("corpus"))
    var batch = 0
    var documents = 0
    while batch < listed.count, let file = sealed.take(batch, first: documents, counts: listed[batch...]) {
      batch += file.batches
      documents += file.count
    }
    findings.say("table", "\(documents) documents of \(batch) batches need not be read by a start")
    for (name, reason) in sealed.useless {
      let row =
        switch reason {
        case .damaged: "Y2"
        case .covered: "Y3"
        case .unlisted: "Y4"
        }
      findings.add(row, .removed, "state/documents/\(name)", reason.text)
    }
  }
}
