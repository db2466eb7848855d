import Evaluation
import Posix
import Spool
import Suites
import Training

extension Evaluator {
  /// Computes and publishes one result; false when it did not come and a pause is in order.
  func perform(_ job: EvaluationJob, pending: Int) throws(SystemError) -> Bool {
    report(.evaluating, job, pending: pending)
    guard let model = try load(job) else { return false }
    let context = EvaluationContext(
      model: model.model, codec: model.codec, contextLength: contextLength(model), maxItems: settings.maxItems,
      isCancelled: { [shouldStop] in
        ServiceNotify.beat()
        return shouldStop()
      })
    let scores: SuiteScores
    do throws(EvaluationCancelled) {
      scores = try SuiteScores.evaluate(job.suite, context)
    } catch {
      return true
    }
    // Another process may have taken over while this one computed.
    if let lost = lease.refusal() { throw lost }
    do throws(SystemError) {
      try publish(job, model, context, scores)
    } catch {
      return try keep(job, error)
    }
    failed.forget(job.key)
    try patience.wait { () throws(SystemError) in
      try TrendTable.write(results.records.values, only: job.suite.fileStem, to: layout.trends)
      try results.pointLatest()
    }
    return true
  }

  /// Waits for room: what was computed is not thrown away.
  private func publish(
    _ job: EvaluationJob, _ model: LoadedModel, _ context: EvaluationContext, _ scores: SuiteScores
  ) throws(SystemError) {
    try patience.wait { () throws(SystemError) in
      _ = try results.publish(label: job.candidate.label, suite: job.suite, details: scores.details) { detailsName in
        ResultFile(
          candidate: job.candidate, suite: job.suite, model: model, context: context, scores: scores,
          detailsName: detailsName
        ).json
      }
    }
  }

  private func contextLength(_ model: LoadedModel) -> Int {
    settings.sequenceLength == 0 ? max(2, model.contextLength) : settings.sequenceLength
  }

  /// nil when the checkpoint went meanwhile or cannot be used.
  private func load(_ job: EvaluationJob) throws(SystemError) -> LoadedModel? {
    let label = job.candidate.label
    if let loaded, loaded.label == label { return loaded.model }
    // One model at a time.
    loaded = nil
    let folder: Directory?
    do throws(SystemError) {
      folder = try scan.folder(job.candidate.reference)
    } catch {
      if error.isScarce { throw error }
      noteForAllSuites(job, "\(error)")
      return nil
    }
    guard let folder else {
      try requests.checkpointVanished(job.candidate)
      return nil
    }
    do throws(ModelError) {
      let model = try source.load(job.candidate.record, from: folder)
      loaded = (label, model)
      return model
    } catch {
      guard scan.isThere(job.candidate.reference) else {
        try requests.checkpointVanished(job.candidate)
        return nil
      }
      noteForAllSuites(job, error.description)
      return nil
    }
  }

  /// Every suite would meet the same; each is counted, so that all are given up alike.
  private func noteForAllSuites(_ job: EvaluationJob, _ reason: String) {
    for suite in suites.suites {
      let key = EvaluationJob(candidate: job.candidate, suite: suite).key
      if results.records[key] == nil { failed.note(key, reason) }
    }
  }

  /// A name that is taken by something that is no result of ours is a failure of this job alone.
  private func keep(_ job: EvaluationJob, _ error: SystemError) throws(SystemError) -> Bool {
    guard error.exists else { throw error }
    failed.note(job.key, "\(error); move that file away")
    return false
  }
}
