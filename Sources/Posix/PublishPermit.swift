/// Asked before every change of a file: a process whose role was taken over may change nothing more.
public protocol PublishPermit: Sendable {
  /// nil while the process may publish; else who took over, as `SystemError.superseded`.
  func refusal() -> SystemError?
}
