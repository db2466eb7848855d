import Decoding
import Posix

/// Makes text of a file: its programs are tried in their order, and the first outcome with text enough is taken.
struct ConverterChain {
  /// The file as a path of its own, for programs that do not read standard input.
  private static let path = "/proc/self/fd/0"

  private let programs: [ConverterProgram]
  private let file: File
  private let settings: ReadSettings
  private let patience: ReadPatience

  init(
    _ programs: [ConverterProgram], _ file: File, _ settings: ReadSettings, _ patience: ReadPatience
  ) {
    self.programs = programs
    self.file = file
    self.settings = settings
    self.patience = patience
  }

  /// Why a program's outcome was not taken.
  private struct Refusal {
    let program: ConverterProgram
    let reason: String
    let isMissing: Bool
  }

  func run() throws(ReadFailure) -> ClaimInput {
    var refusals: [Refusal] = []
    var poor: (text: [UInt8], program: ConverterProgram)?
    for program in programs {
      do throws(ReadFailure) {
        if program.command.isEmpty {
          return ClaimInput(source: FileSource(file, patience), format: FileFormat(program.gives))
        }
        let source = try start(program)
        if program.isStream { return try stream(source, program) }
        let text = try whole(source)
        if program.isEnough(text) { return input(text, program) }
        if ConverterProgram.textBytes(text) > ConverterProgram.textBytes(poor?.text ?? []) { poor = (text, program) }
        refusals.append(Refusal(program: program, reason: "\(program.name) found too little text", isMissing: false))
      } catch {
        // We are leaving, and killed it for that: nothing is known.
        if patience.isGivenUp { throw error }
        refusals.append(Refusal(program: program, reason: error.message, isMissing: error.code == "no-converter"))
      }
    }
    if let poor { return input(poor.text, poor.program) }
    throw failure(refusals)
  }

  private func start(_ program: ConverterProgram) throws(ReadFailure) -> UnpackSource {
    do throws(SystemError) {
      try file.seek(to: 0)
      return try UnpackSource(
        program.words(file: ConverterChain.path), name: program.name, file, settings: settings, limits: limits(program),
        patience)
    } catch {
      guard error.isMissing else { throw ReadFailure("converter", "\(error)", offset: 0, remedy: "") }
      throw ReadFailure("no-converter", "\(program.name) is not installed", offset: 0, remedy: "")
    }
  }

  private func limits(_ program: ConverterProgram) throws(SystemError) -> ProcessLimits {
    let seconds = program.seconds ?? settings.convertSeconds
    var limits = ProcessLimits(
      memory: (program.megabytes ?? settings.convertMegabytes) << 20,
      processorSeconds: seconds + 4 * (try file.status().size >> 20), silentSeconds: Double(seconds))
    limits.fileBytes = program.fileMegabytes << 20
    return limits
  }

  /// Records as they come; a program that fails before the first of them may have a successor.
  private func stream(_ source: UnpackSource, _ program: ConverterProgram) throws(ReadFailure) -> ClaimInput {
    let begun = BegunSource(source)
    try begun.begin()
    return ClaimInput(source: begun, format: FileFormat(program.gives), converter: program.name)
  }

  private func whole(_ source: UnpackSource) throws(ReadFailure) -> [UInt8] {
    var text: [UInt8] = []
    let most = settings.maxDocumentMegabytes << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try source.read(into: buffer)
      if count == 0 { return text }
      text.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      if text.count > most {
        throw ReadFailure(
          "limit", "its text is longer than read.max_document_mb (\(settings.maxDocumentMegabytes) MiB)", offset: most,
          remedy: "")
      }
    }
  }

  private func input(_ text: [UInt8], _ program: ConverterProgram) -> ClaimInput {
    ClaimInput(source: MemorySource(text), format: FileFormat(program.gives), converter: program.name)
  }

  private func failure(_ refusals: [Refusal]) -> ReadFailure {
    let packages = refusals.filter { $0.isMissing && !$0.program.package.isEmpty }.map(\.program.package)
    let isMissing = refusals.allSatisfy(\.isMissing)
    let install = packages.isEmpty ? "" : "install " + packages.joined(separator: " or ") + " and mv the file back"
    let remedy =
      isMissing
      ? install
      : [install, "convert it yourself", "name another program in read.converters"].filter { !$0.isEmpty }
        .joined(separator: ", or ")
    var told: [String] = []
    for refusal in refusals where !told.contains(refusal.reason) { told.append(refusal.reason) }
    return ReadFailure(
      isMissing ? "no-converter" : "converter", told.joined(separator: "; "), offset: 0, remedy: remedy)
  }
}

/// A source whose first bytes were asked for already, to see whether there are any.
private final class BegunSource: ByteSource {
  private let source: any ByteSource
  private var head: [UInt8] = []
  private var taken = 0

  init(_ source: any ByteSource) { self.source = source }

  func begin() throws(ReadFailure) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 12, alignment: 16)
    defer { buffer.deallocate() }
    head = Array(buffer[..<(try source.read(into: buffer))])
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    guard taken < head.count else { return try source.read(into: buffer) }
    let count = min(buffer.count, head.count - taken)
    buffer.copyBytes(from: head[taken..<(taken + count)])
    taken += count
    return count
  }
}
