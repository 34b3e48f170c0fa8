/// `Docs/options.md`: what becomes of every option of rsync. Made from the option table.
enum OptionsDocument {
    static var text: String { introduction + rsyncTable + "\n" + own }

    private static let introduction = """
        # Options of rsync

        Every option of `rsync --help` (3.5), and what treesync does with it on one machine. `scripts/options-table`
        makes this page from the option table of the command; a test fails where it is stale or lacks an option.

        - **same**: what `man rsync` says of it, on one machine.
        - **differs**: accepted, and means something else; `differences-from-rsync.md` has the reasons.
        - **no effect on one machine**: accepted where nothing else is said; there is nothing for it to do.
        - **remote only**: means something only where another machine takes part.


        """

    private static var rsyncTable: String {
        var text = "| option | treesync | |\n|---|---|---|\n"
        for option in RsyncOption.all {
            let (summary, explanation) = option.verdict
            let names = option.spellings.map { "`\($0)`" }.joined(separator: " ")
            text += "| \(names) | \(summary) |\(explanation.isEmpty ? "" : " " + explanation) |\n"
        }
        return text
    }

    /// Options that rsync does not have.
    private static var own: String {
        let known = Set(RsyncOption.all.flatMap(\.spellings))
        var text = "## Options that rsync does not have\n\n| option | |\n|---|---|\n"
        for option in OptionTable.visible {
            let spellings = option.names.map { "--" + $0 } + (option.letter.map { ["-" + String($0)] } ?? [])
            if spellings.contains(where: known.contains) { continue }
            text += "| \(spellings.map { "`\($0)`" }.joined(separator: " ")) | \(option.help) |\n"
        }
        return text
    }
}
