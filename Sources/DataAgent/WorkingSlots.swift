import Posix
import Synchronization

/// Which record a piece of work is about: the claim's sequence and the record's ordinal in its file.
struct RecordKey: Hashable, Comparable {
  let claim: Int
  let record: Int

  static func < (a: RecordKey, b: RecordKey) -> Bool { (a.claim, a.record) < (b.claim, b.record) }
}

/// `state/working`: what each thread has in hand, one slot a thread, told by plain stores into a mapped file. It
/// survives the process (not the machine) and costs no write; the next start learns from it at which records the agent
/// died.
final class WorkingSlots: @unchecked Sendable {
  enum Stage: Int {
    case read = 1
    case prepare, tokenize, deduplicate

    var name: String {
      switch self {
      case .read: "read"
      case .prepare: "prepare"
      case .tokenize: "tokenize"
      case .deduplicate: "deduplicate"
      }
    }
  }

  static let name: Path = "working"
  private static let magic = 0x314B_524F_5754_5250
  private static let words = 8
  /// Where the number of the signal is stored that a crash of this process brings.
  private static let crashWord = 3
  private let memory: SharedMemory
  private let folder: Directory
  private let slots: Int

  /// - Parameter run: the epoch of this run: what an earlier run left is counted once.
  init(_ folder: Directory, threads: Int, run: Int) {
    self.folder = folder
    slots = threads + 1
    memory = SharedMemory(folder, WorkingSlots.name, words: WorkingSlots.words * (slots + 1))
    memory[1] = run
    memory[2] = slots
    memory.noteCrashes(at: WorkingSlots.crashWord)
    atomicMemoryFence(ordering: .releasing)
    memory[0] = WorkingSlots.magic
  }

  /// Slot 0 is the reader's and the committer's, 1... the workers'. The claim is stored last: a slot that has one is
  /// whole.
  func note(_ slot: Int, _ key: RecordKey, _ stage: Stage) {
    let place = WorkingSlots.words * (slot + 1)
    memory[place] = 0
    atomicMemoryFence(ordering: .releasing)
    memory[place + 1] = key.record
    memory[place + 2] = stage.rawValue
    atomicMemoryFence(ordering: .releasing)
    memory[place] = key.claim
    atomicMemoryFence(ordering: .releasing)
  }

  func clear(_ slot: Int) { memory[WorkingSlots.words * (slot + 1)] = 0 }

  /// The run ends in an orderly way: nothing is suspect.
  func close() { try? folder.remove(WorkingSlots.name) }

  /// What a run that died had in hand.
  struct Left {
    let run: Int
    /// What was done with each record.
    let stages: [RecordKey: Stage]
    /// The signal it crashed by; 0 when it was killed from outside.
    let crash: Int
    var records: [RecordKey] { stages.keys.sorted() }
  }

  /// nil when the last run ended in an orderly way.
  static func left(in folder: Directory) -> Left? {
    guard let bytes = try? folder.read(name, limit: 1 << 20), bytes.count >= 8 * words else { return nil }
    let words = bytes.withUnsafeBytes { raw in
      (0..<(bytes.count / 8)).map { Int(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: Int.self)) }
    }
    guard words[0] == magic, words[2] > 0, words[2] < 4096, words.count >= WorkingSlots.words * (words[2] + 1) else {
      return nil
    }
    var stages: [RecordKey: Stage] = [:]
    for slot in 1...words[2] {
      let place = WorkingSlots.words * slot
      guard words[place] > 0 else { continue }
      stages[RecordKey(claim: words[place], record: words[place + 1])] = Stage(rawValue: words[place + 2]) ?? .read
    }
    return Left(run: words[1], stages: stages, crash: words[crashWord])
  }
}
