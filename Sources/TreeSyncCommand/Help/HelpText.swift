/// What `--help` prints.
enum HelpText {
    /// Where the phrases begin: behind the longest option.
    private static let column = 30

    static var text: String {
        let groups = OptionGroup.allCases.filter { $0 != .hidden }
        return introduction + groups.map(section).joined() + closing
    }

    private static let introduction = """
        Usage: treesync [OPTION]... SRC [SRC]... DEST

        Makes DEST equal to SRC on this machine, with the options of rsync.

          treesync -aE src/ dst/                what src holds, with all attributes
          treesync -aE src dst/                 src itself, as dst/src
          treesync -aEHni --delete src/ dst/    what an exact mirror would change

        -E keeps extended attributes and, with -p (so in -aE), ACLs. GNU rsync's -E
        keeps executability only; here that is --executability.

        """

    private static let closing = """

        Most options have a --no- form (--no-perms, --no-p); the last one given wins.
        "man treesync" says more, also about the exit status.

        """

    private static func section(_ group: OptionGroup) -> String {
        let lines = OptionTable.all.filter { $0.group == group }.map(line)
        return "\n\(group.rawValue):\n" + lines.joined()
    }

    private static func line(_ option: OptionSpecification) -> String {
        let heading = "  " + heading(option)
        let gap = heading.count < column ? String(repeating: " ", count: column - heading.count) : "  "
        return heading + gap + option.help + "\n"
    }

    private static func heading(_ option: OptionSpecification) -> String {
        let letter = option.letter.map { "-\($0)" } ?? "  "
        guard let name = option.names.first else { return letter }
        var value = ""
        if case .value(let placeholder, _) = option.argument { value = "=" + placeholder }
        return letter + (option.letter == nil ? "  --" : ", --") + name + value
    }
}
