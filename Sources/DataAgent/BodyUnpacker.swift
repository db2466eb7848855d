import Decoding
import Posix

/// Unpacks pages of web archives, each by a program of its own that is bounded like a converter.
struct BodyUnpacker {
  private static let programs = [
    "gzip": ["gzip", "-dc"], "x-gzip": ["gzip", "-dc"], "br": ["brotli", "-dc"], "zstd": ["zstd", "-dcq"],
  ]

  let settings: ReadSettings
  let patience: ReadPatience

  /// What a program made of a page.
  private enum Outcome {
    case page([UInt8])
    case tooLong
    case failed(String)
  }

  func unpack(_ body: PackedBody) throws(PackedBody.Refusal) -> [UInt8] {
    guard let words = BodyUnpacker.programs[body.packing] else { throw body.refusal("that is not read") }
    let outcome: Outcome
    do throws(SystemError) {
      outcome = try run(words, body)
    } catch {
      throw body.refusal(error.isMissing ? "\(words[0]) is not installed" : "\(error)")
    }
    switch outcome {
    case .page(let page): return page
    case .tooLong: throw body.refusal("it is longer than read.max_document_mb (\(settings.maxDocumentMegabytes) MiB)")
    case .failed(let reason): throw body.refusal(reason)
    }
  }

  private func run(_ words: [String], _ body: PackedBody) throws(SystemError) -> Outcome {
    let limits = ProcessLimits(
      memory: settings.convertMegabytes << 20, processorSeconds: settings.convertSeconds,
      silentSeconds: Double(settings.convertSeconds))
    let (child, input) = try patience.wait { () throws(SystemError) in
      let (reading, input) = try ChildInput.make()
      return (try LimitedChild(words, input: reading, limits: limits), input)
    }
    input.tell(body.bytes)
    input.end()
    var page: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try read(child, input, &chunk)
      if count == 0 { break }
      page += chunk[..<count]
      if page.count > body.limit { return .tooLong }
    }
    let end = child.wait()
    // gzip: 2 = a warning, of what follows the stream for example.
    if end == .exited(0) || (end == .exited(2) && !page.isEmpty) { return .page(page) }
    return .failed("\(words[0]) \(end)" + (child.firstComplaint.isEmpty ? "" : " (\(child.firstComplaint))"))
  }

  private func read(
    _ child: LimitedChild, _ input: ChildInput, _ chunk: inout [UInt8]
  ) throws(SystemError) -> Int {
    var failure: SystemError?
    let count = chunk.withUnsafeMutableBytes { buffer in
      do throws(SystemError) {
        return try child.read(into: buffer, telling: input) { patience.isWorthWaiting }
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return count
  }
}

extension PackedBody {
  fileprivate func refusal(_ reason: String) -> Refusal {
    Refusal("the page is packed (\(packing)): \(reason); store pages unpacked, as crawlers do")
  }
}
