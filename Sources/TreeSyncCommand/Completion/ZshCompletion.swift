/// Completions for zsh, for a directory in `fpath`.
enum ZshCompletion {
    static var text: String {
        """
        #compdef treesync
        # Made by "treesync --print-completion=zsh".
        _arguments -s -S \\
        \(specifications.map { "  \($0) \\\n" }.joined())  '*:path:_files'

        """
    }

    private static var specifications: [String] {
        OptionTable.visible.flatMap { option in
            let letters = option.letter.map { [specification("-\($0)", option, valueMark: "+")] } ?? []
            let names = option.names.map { specification("--\($0)", option, valueMark: "=") }
            let negations = option.longNegations.map { "'--\($0)[not: \(quoted(option.help))]'" }
            return letters + names + negations
        }
    }

    /// `*` lets an option come more than once, as `-hh` and `--no-p … -p` do.
    private static func specification(_ name: String, _ option: OptionSpecification, valueMark: String) -> String {
        let text = "[\(quoted(option.help))]"
        guard case .value(let placeholder, _) = option.argument else { return "'*\(name)\(text)'" }
        let action =
            switch option.offer {
            case .nothing: ""
            case .files: "_files"
            case .choices(let words): "(\(words.joined(separator: " ")))"
            }
        return "'*\(name)\(valueMark)\(text):\(quoted(placeholder)):\(action)'"
    }

    /// Brackets, colons and quotes mean something to `_arguments` and to the shell.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for character in text {
            if "[]:\\".contains(character) { result.append("\\") }
            result += character == "'" ? "'\\''" : String(character)
        }
        return result
    }
}
