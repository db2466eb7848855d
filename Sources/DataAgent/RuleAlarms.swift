import Documents
import Filtering

/// What is wrong with rules by their counts alone.
struct RuleAlarms {
  let settings: CleanSettings
  let rules: RuleSet
  /// Rules over empty lists: nobody expects them to hit.
  let idle: [String]

  /// Messages for status: rules that hit nothing in many documents, or too many of them.
  func messages(_ watch: RuleWatch) -> [String] {
    rules.rules.compactMap { rule in
      guard rule.action == .drop, !idle.contains(rule.name) else { return nil }
      let asked = watch.asked(rule)
      let hits = watch.removed(by: rule.name)
      if hits == 0 && asked >= settings.silentAfter {
        return
          "rule \(rule.name) removed none of \(asked) documents: look whether it still measures what it was made for"
      }
      guard asked >= settings.biasDocuments, Double(hits) > settings.mostShare * Double(asked) else { return nil }
      return "rule \(rule.name) removed \(hits) of \(asked) documents, more than clean.most_share: look into "
        + "filtered/\(rule.name), move its threshold or switch it off in clean.off"
    }
  }
}

/// A rule that removes one channel and script out of proportion to the corpus.
struct BiasAlert: Equatable {
  let rule: String
  let group: RuleWatch.Group
  let removed: Int
  let documents: Int
  /// Share of the whole corpus that the rule removes, and of what is not of the group: a group that is half of the
  /// corpus would else hide in its own mean.
  let corpusShare: Double
  let otherShare: Double

  var share: Double { Double(removed) / Double(documents) }
}

/// Judges the counts of rules against the mix of the corpus.
struct BiasGuard {
  let settings: CleanSettings

  func alerts(_ watch: RuleWatch) -> [BiasAlert] {
    let total = watch.total
    var alerts: [BiasAlert] = []
    for (rule, groups) in watch.removed.sorted(by: { $0.key < $1.key }) {
      let corpusShare = Double(watch.removed(by: rule)) / Double(max(1, total))
      for (group, removed) in groups.sorted(by: { $0.key < $1.key }) {
        let documents = watch.documents[group] ?? 0
        let others = Double(watch.removed(by: rule) - removed) / Double(max(1, total - documents))
        let alert = BiasAlert(
          rule: rule, group: group, removed: removed, documents: documents, corpusShare: corpusShare,
          otherShare: others)
        // A corpus of one kind of text has no proportion: there the share alone counts.
        let isAlone = documents * 10 > total * 9
        let isOut = isAlone || alert.share > settings.biasRatio * others
        if documents >= settings.biasDocuments && alert.share > settings.biasShare && isOut { alerts.append(alert) }
      }
    }
    return alerts
  }
}
