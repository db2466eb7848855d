import Bytes
import Glibc
import Posix
import Spool
import Training

/// What the curves are drawn from: metrics.jsonl and TensorBoard event files, one folder `main` that goes on after a
/// rollback and one for each lineage.
final class StepRecorder {
  private let metrics: MetricsLog
  private let run: Directory
  private var files: [TensorBoardFile] = []
  private var sequence = 0

  init(in run: Directory) throws(SystemError) {
    self.run = run
    metrics = try MetricsLog(in: run)
  }

  /// Begins new event files: at the start of a process and after a rollback. Readers forget `main` from `step` on.
  func begin(lineage: Int, step: Int) throws(SystemError) {
    files = []
    for name in ["main", CheckpointReference.folder(lineage)] {
      let folder = try run.make(Path("tb/" + name))
      files.append(try TensorBoardFile(in: folder, step: step, process: Int(getpid()), sequence: sequence))
    }
    sequence += 1
  }

  struct Step {
    let position: TrainingPosition
    let result: StepResult
    let learningRate: Double
    let channels: [String]
    let tokensPerSecond: Double
    let mfu: Double
    let seconds: Double
  }

  /// On a full disk each file waits for itself, so that none of them gets a value twice.
  func record(_ step: Step, _ patience: DiskPatience) throws(SystemError) {
    let wall = Clock.wall()
    let position = step.position
    let line = [
      JSONMember("lineage", .integer(position.lineage)), JSONMember("step", .integer(position.step)),
      JSONMember("tokens", .integer(position.tokens)), JSONMember("block", .integer(position.block)),
      JSONMember("window", .integer(position.window)), JSONMember("loss", .number(step.result.loss)),
      JSONMember("channel_loss", .object(StepRecorder.channelLoss(step.result, step.channels))),
      JSONMember("gradient_norm", .number(step.result.gradientNorm)), JSONMember("lr", .number(step.learningRate)),
      JSONMember("tokens_per_s", .number(step.tokensPerSecond.rounded())), JSONMember("mfu", .number(step.mfu)),
      JSONMember("applied", .bool(step.result.applied)), JSONMember("seconds", .number(step.seconds)),
      JSONMember("time", .number(wall)),
    ]
    try patience.wait { () throws(SystemError) in try metrics.append(line) }
    var scalars: [(tag: String, value: Float)] = [
      ("loss/all", Float(step.result.loss)), ("gradient_norm", Float(step.result.gradientNorm)),
      ("lr", Float(step.learningRate)), ("tokens", Float(position.tokens)), ("mfu", Float(step.mfu)),
      ("tokens_per_s", Float(step.tokensPerSecond)),
    ]
    for member in StepRecorder.channelLoss(step.result, step.channels) {
      scalars.append(("loss/" + member.name, Float(member.value.number ?? 0)))
    }
    for file in files {
      try patience.wait { () throws(SystemError) in try file.add(scalars, step: position.step, wallTime: wall) }
    }
  }

  /// Mean loss of every channel that was in the step.
  static func channelLoss(_ result: StepResult, _ channels: [String]) -> [JSONMember] {
    zip(channels, zip(result.channelLossSum, result.channelTokens)).compactMap { name, sums in
      sums.1 > 0 ? JSONMember(name, .number(sums.0 / Double(sums.1))) : nil
    }
  }
}
