import Posix

/// The two safetensors files of a checkpoint: weights in Hugging Face's names, AdamW's moments beside them under
/// PyTorch's names for them.
enum CheckpointTensors {
  private static let moments: [(kind: StateKind, suffix: String)] = [
    (.firstMoment, ".exp_avg"), (.secondMoment, ".exp_avg_sq"),
  ]

  static func writeWeights(of engine: any Engine, in folder: Directory) throws(SystemError) -> FileRecord {
    let file = try DigestedFile("\(CheckpointStore.weightsFile)", in: folder)
    let tensors = engine.shape.tensors
    try file.write(SafeTensors.header(tensors, type: "F32", elementSize: 4))
    for index in tensors.indices { try write(.weights, index, of: engine, to: file) }
    return try file.finish()
  }

  static func writeOptimizer(of engine: any Engine, in folder: Directory) throws(SystemError) -> FileRecord {
    let file = try DigestedFile("\(CheckpointStore.optimizerFile)", in: folder)
    let tensors = engine.shape.tensors
    let named = moments.flatMap { moment in tensors.map { TensorInfo($0.name + moment.suffix, $0.shape) } }
    try file.write(SafeTensors.header(named, type: "F32", elementSize: 4))
    for moment in moments {
      for index in tensors.indices { try write(moment.kind, index, of: engine, to: file) }
    }
    return try file.finish()
  }

  private static func write(
    _ kind: StateKind, _ index: Int, of engine: any Engine, to file: DigestedFile
  ) throws(SystemError) {
    let result: Result<Void, SystemError> = engine.withTensor(kind, index) { values in
      Result { () throws(SystemError) in try file.write(UnsafeRawBufferPointer(values)) }
    }
    try result.get()
  }

  static func read(
    _ reference: CheckpointReference, _ folder: Directory, into engine: any Engine
  ) throws(CheckpointError) {
    let weights = try open(CheckpointStore.weightsFile, in: folder)
    let optimizer = try open(CheckpointStore.optimizerFile, in: folder)
    for (index, tensor) in engine.shape.tensors.enumerated() {
      ServiceNotify.beat()
      try copy(tensor, from: weights, .weights, index, into: engine)
      for moment in moments {
        let named = TensorInfo(tensor.name + moment.suffix, tensor.shape)
        try copy(named, from: optimizer, moment.kind, index, into: engine)
      }
    }
  }

  private static func open(_ name: Path, in folder: Directory) throws(CheckpointError) -> SafeTensorsFile {
    let map = try CheckpointError.system { () throws(SystemError) in try MappedFile(folder.openFile(name)) }
    do throws(SafeTensorsError) { return try SafeTensorsFile(map) } catch { throw .tensors(error) }
  }

  private static func copy(
    _ tensor: TensorInfo, from file: SafeTensorsFile, _ kind: StateKind, _ index: Int, into engine: any Engine
  ) throws(CheckpointError) {
    let result: Result<Void, SafeTensorsError> = engine.withTensor(kind, index) { values in
      Result { () throws(SafeTensorsError) in try file.copy(tensor, into: values) }
    }
    do throws(SafeTensorsError) { try result.get() } catch { throw .tensors(error) }
  }
}
