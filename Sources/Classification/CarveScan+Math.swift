import Documents

/// Display math, and LaTeX environments of any kind.
extension CarveScan {
  /// `$$...$$`, `\[...\]` and `\begin{name}...\end{name}` from the start of a line.
  mutating func mathBlock(_ line: CarveLine) -> (Segment.Kind, Range<Int>)? {
    let place = line.body
    if starts("$$", at: place) {
      return close("$$", from: place + 2, line.start, EnvironmentMemory.dollars).map { (.math, $0) }
    }
    if starts("\\[", at: place) {
      return close("\\]", from: place + 2, line.start, EnvironmentMemory.bracket).map { (.math, $0) }
    }
    guard starts("\\begin{", at: place), let (index, after) = environment(at: place + 7),
      let end = environmentEnd(index, from: after)
    else { return nil }
    return (CarvedEnvironment.all[index].kind, line.start..<end)
  }

  /// From `start` to behind the closing mark, and to the next line when nothing else is on its line.
  private mutating func close(_ mark: StaticString, from place: Int, _ start: Int, _ kind: Int) -> Range<Int>? {
    guard !environments.isHopeless(kind, at: place) else { return nil }
    let limit = min(text.count, place + EnvironmentMemory.longest)
    var search = place
    while let found = ByteSearch.next(mark.utf8Start[0], text, from: search, to: limit) {
      if starts(mark, at: found), found > place { return start..<restOfLine(found + 2) }
      search = found + 1
    }
    environments.giveUp(kind, to: limit)
    return nil
  }

  private func restOfLine(_ place: Int) -> Int {
    var end = place
    while end < text.count, text[end] == 0x20 || text[end] == 0x09 || text[end] == 0x0D { end += 1 }
    return end < text.count && text[end] == 0x0A ? end + 1 : place
  }

  /// The environment whose `name}` stands here, and the offset behind it.
  private func environment(at place: Int) -> (index: Int, after: Int)? {
    guard let close = ByteSearch.next(UInt8(ascii: "}"), text, from: place, to: min(text.count, place + 16)) else {
      return nil
    }
    for (index, known) in CarvedEnvironment.all.enumerated() {
      if known.name.utf8CodeUnitCount == close - place, starts(known.name, at: place) { return (index, close + 1) }
    }
    return nil
  }

  private mutating func environmentEnd(_ index: Int, from place: Int) -> Int? {
    guard !environments.isHopeless(index, at: place) else { return nil }
    let limit = min(text.count, place + EnvironmentMemory.longest)
    let name = CarvedEnvironment.all[index].name
    var search = place
    while let found = ByteSearch.next(UInt8(ascii: "\\"), text, from: search, to: limit) {
      search = found + 1
      guard starts("\\end{", at: found), starts(name, at: found + 5) else { continue }
      let after = found + 5 + name.utf8CodeUnitCount
      if after < text.count, text[after] == UInt8(ascii: "}") { return restOfLine(after + 1) }
    }
    environments.giveUp(index, to: limit)
    return nil
  }
}
