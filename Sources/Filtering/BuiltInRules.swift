/// The sets of rules that are compiled in, so that the program needs no file to start: the texts of `etc/rules`.
public enum BuiltInRules {
  public static let names = ["default", "gopher", "c4", "fineweb", "chinese", "code", "math", "plain"]

  public static let texts = [
    "default": defaultText, "gopher": gopherText, "c4": c4Text, "fineweb": finewebText, "chinese": chineseText,
    "code": codeText, "math": mathText, "plain": plainText,
  ]
}
