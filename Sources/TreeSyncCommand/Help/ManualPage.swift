/// The manual page `treesync.1`, in the macros of man(7). Its options come from the table.
enum ManualPage {
    static var text: String {
        heading + Manual.opening.map(section).joined() + options + Manual.closing.map(section).joined()
            + exitStatuses + Manual.ending.map(section).joined()
    }

    private static let heading = """
        .\\" Made by "treesync --print-manual".
        .TH TREESYNC 1 "" "treesync \(VersionText.version)" "User Commands"
        .SH NAME
        treesync \\- make a destination tree equal to a source tree
        .SH SYNOPSIS
        .B treesync
        .RI [ OPTION ]...
        .I SRC
        .RI [ SRC ]...
        .I DEST

        """

    private static var options: String {
        let groups = OptionGroup.allCases.filter { $0 != .hidden }
        return ".SH OPTIONS\n" + block(.paragraph(Manual.optionsIntroduction))
            + groups.map { ".SS \($0.rawValue)\n" + entries($0) }.joined()
    }

    private static func entries(_ group: OptionGroup) -> String {
        OptionTable.all.filter { $0.group == group }
            .map { ".TP\n\(spellings($0))\n\(Roff.paragraph($0.manual))\n" }.joined()
    }

    /// All spellings of an option in bold, the placeholder of its value in italics.
    private static func spellings(_ option: OptionSpecification) -> String {
        var value = ""
        if case .value(let placeholder, _) = option.argument { value = "\\fI\(Roff.escaped(placeholder))\\fR" }
        let letter = option.letter.map { ["\\fB\(Roff.escaped("-\($0)"))\\fR" + (value.isEmpty ? "" : " " + value)] }
        let names = option.names.map { "\\fB\(Roff.escaped("--\($0)"))\\fR" + (value.isEmpty ? "" : "=" + value) }
        return ((letter ?? []) + names).joined(separator: ", ")
    }

    private static var exitStatuses: String {
        ".SH EXIT STATUS\n" + block(.paragraph(Manual.exitStatusIntroduction))
            + ExitStatus.allCases.map { ".TP\n\\fB\($0.rawValue)\\fR\n\(Roff.paragraph($0.explanation))\n" }.joined()
    }

    private static func section(_ section: Manual.Section) -> String {
        ".SH \(section.title)\n" + section.blocks.map(block).joined()
    }

    private static func block(_ block: Manual.Block) -> String {
        switch block {
        case .paragraph(let text): ".PP\n\(Roff.paragraph(text))\n"
        case .item(let term, let text): ".TP\n\\fB\(Roff.escaped(term))\\fR\n\(Roff.paragraph(text))\n"
        case .example(let text):
            ".PP\n.nf\n.RS\n" + text.split(separator: "\n").map { Roff.line(Roff.escaped(String($0))) + "\n" }.joined()
                + ".RE\n.fi\n"
        }
    }
}

/// Text in the form that troff reads.
enum Roff {
    /// Plain text whose options are set in bold: words that begin with a dash.
    static func paragraph(_ text: String) -> String {
        line(text.split(separator: " ").map { word(String($0)) }.joined(separator: " "))
    }

    /// Backslashes and dashes as characters of their own.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            default: result.append(character)
            }
        }
        return result
    }

    /// A line that troff does not take for a request.
    static func line(_ text: String) -> String { text.hasPrefix(".") ? "\\&" + text : text }

    private static func word(_ word: String) -> String {
        let opening = word.prefix { "(\"".contains($0) }
        let rest = word.dropFirst(opening.count)
        let option = rest.prefix { $0.isLetter || $0.isNumber || "-@=%|".contains($0) }
        guard option.hasPrefix("-"), option.contains(where: \.isLetter) else { return escaped(word) }
        return opening + "\\fB" + escaped(String(option)) + "\\fR" + escaped(String(rest.dropFirst(option.count)))
    }
}
