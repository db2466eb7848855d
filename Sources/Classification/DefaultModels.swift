import CModels

/// The models that come with the program.
public enum DefaultModels {
  /// Bytes of the model for a task; nil where none comes along.
  public static func bytes(_ task: ClassifierTask) -> [UInt8]? {
    var size = 0
    let start: UnsafePointer<UInt8>
    switch task {
    case .channel: start = cmodels_channel(&size)
    case .genre: start = cmodels_genre(&size)
    case .quality: return nil
    }
    return size > 1 ? Array(UnsafeBufferPointer(start: start, count: size)) : nil
  }
}
