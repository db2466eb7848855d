import EngineCPU
import Parallel
import Posix
import Settings
import Spool
import Training

/// How one run of the trainer behaves; the configuration says what it does.
public struct TrainOptions {
  /// Leave when nothing is left to train and no block will come.
  public var untilIdle = false
  /// Whether the agent will make no more blocks; only asked with `untilIdle`. nil = judged from the spool.
  public var agentIsDone: (() -> Bool)?
  /// Asked at every step and while waiting; true leaves after a checkpoint.
  public var shouldStop: () -> Bool
  /// Talk for people, one line at a time.
  public var say: (String) -> Void
  public var engine = EngineBuilder.native
  /// True once after SIGHUP, when the configuration may be obeyed: refused ones are told and change nothing.
  public var isHungUp: () -> Bool = { false }
  /// What the configuration would change when it were read again now.
  public var judgeReload: () -> ReloadVerdict = { .unchanged }

  public init(shouldStop: @escaping () -> Bool, say: @escaping (String) -> Void) {
    self.shouldStop = shouldStop
    self.say = say
  }
}

/// Makes engines and tells them what the `Engine` contract leaves to each.
public struct EngineBuilder {
  public let name: String
  public let make: (_ shape: ModelShape, _ threads: Int) -> any Engine
  /// A phase for longer contexts moves the base of the rotary frequencies.
  public let setRopeTheta: (any Engine, Double) -> Void

  public init(
    name: String, make: @escaping (ModelShape, Int) -> any Engine,
    setRopeTheta: @escaping (any Engine, Double) -> Void = { _, _ in }
  ) {
    self.name = name
    self.make = make
    self.setRopeTheta = setRopeTheta
  }

  /// The embedded fp32 engine.
  public static var native: EngineBuilder {
    EngineBuilder(
      name: "native",
      make: { LlamaEngine(shape: $0, pool: WorkerPool(threads: $1, progress: { ServiceNotify.beat() })) },
      setRopeTheta: { engine, theta in (engine as? LlamaEngine)?.setRopeTheta(theta) })
  }
}

/// Why the trainer ended; `exitCode` follows sysexits.h.
public struct TrainFailure: Error, CustomStringConvertible {
  public let exitCode: Int32
  public let description: String
  /// There was no room, and it was not waited for because leaving was asked for.
  let isNoSpace: Bool

  init(_ exitCode: Int32, _ description: String, isNoSpace: Bool = false) {
    self.exitCode = exitCode
    self.description = description
    self.isNoSpace = isNoSpace
  }

  static func data(_ reason: String) -> TrainFailure { TrainFailure(65, reason) }
  static func io(_ reason: String) -> TrainFailure { TrainFailure(74, reason) }
  static func io(_ error: SystemError) -> TrainFailure { TrainFailure(74, "\(error)", isNoSpace: error.isScarce) }
  static func busy(_ reason: String) -> TrainFailure { TrainFailure(75, reason) }
  static func configuration(_ reason: String) -> TrainFailure { TrainFailure(78, reason) }
}

/// The parts of the configuration that the trainer reads.
public struct TrainConfiguration: Sendable {
  public var run: String
  public var model: ModelSettings
  public var train: TrainSettings
  public var control: ControlRules

  public init(
    run: String = "main", model: ModelSettings = ModelSettings(), train: TrainSettings = TrainSettings(),
    control: ControlRules = ControlRules()
  ) {
    self.run = run
    self.model = model
    self.train = train
    self.control = control
  }
}
