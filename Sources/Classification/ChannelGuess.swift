import Documents

/// Channel by plain rules over a profile: what very short texts get, and a fact for the model of others.
struct ChannelGuess {
  let settings: ClassifySettings

  func channel(_ profile: TextProfile) -> Channel {
    if isCode(profile) { return .code }
    if isMath(profile) { return .math }
    return Double(profile.han) >= settings.hanShare * Double(max(1, profile.visible)) ? .chinese : .english
  }

  private func isCode(_ profile: TextProfile) -> Bool {
    // Fences, headings and long lines of words make it a document about code.
    guard profile.plainLines > 0, profile.fencedLines == 0 else { return false }
    let judged = Double(profile.plainLines)
    let code = Double(profile.codeLines)
    return code >= settings.codeLineShare * judged && profile.codeLines > profile.proseLines * 2
      && profile.markupLines * 5 < profile.plainLines
  }

  private func isMath(_ profile: TextProfile) -> Bool {
    let marks = Double(profile.texCommands + profile.dollars)
    return profile.texCommands >= 8 && marks >= settings.mathShare * Double(max(1, profile.visible))
      && profile.han * 10 < profile.visible && profile.codeLines * 2 < profile.plainLines * 3
  }
}
