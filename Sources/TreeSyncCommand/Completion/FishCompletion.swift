/// Completions for fish.
enum FishCompletion {
    static var text: String {
        "# Made by \"treesync --print-completion=fish\".\n" + OptionTable.visible.map(lines).joined()
    }

    private static func lines(_ option: OptionSpecification) -> String {
        let value =
            switch option.offer {
            case .nothing: option.takesValue ? " -x" : ""
            case .files: " -r -F"
            case .choices(let words): " -x -a '\(words.joined(separator: " "))'"
            }
        let letter = option.letter.map { " -s '\($0)'" } ?? ""
        let names = option.names.map { " -l \($0)" }.joined()
        let negations = option.longNegations.map { line(" -l \($0)", "not: " + option.help) }.joined()
        return line(letter + names + value, option.help) + negations
    }

    private static func line(_ option: String, _ help: String) -> String {
        let quoted = help.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined()
        return "complete -c treesync\(option) -d '\(quoted)'\n"
    }
}
