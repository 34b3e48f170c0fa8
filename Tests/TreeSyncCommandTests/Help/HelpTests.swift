import Testing

@testable import TreeSyncCommand

/// The texts that come from the table of options.
@Suite struct HelpTests {
    @Test func everyLineFits() {
        for line in HelpText.text.split(separator: "\n") { #expect(line.count < 80, "\(line)") }
        for line in VersionText.text.split(separator: "\n") { #expect(line.count < 80, "\(line)") }
    }

    @Test func helpBeginsWithUsageAndTellsOfE() throws {
        let lines = HelpText.text.split(separator: "\n")
        #expect(lines[0] == "Usage: treesync [OPTION]... SRC [SRC]... DEST")
        let firstOption = try #require(lines.firstIndex { $0.contains("--archive") })
        #expect(lines[..<firstOption].contains { $0.contains("-E keeps extended attributes") })
        #expect(lines[..<firstOption].filter { $0.hasPrefix("  treesync ") }.count == 3)
    }

    @Test(arguments: OptionTable.visible)
    func everyOptionIsDescribed(option: OptionSpecification) {
        let name = option.names.first.map { "--" + $0 } ?? "-\(option.letter!)"
        #expect(HelpText.text.contains(name))
        #expect(HelpText.text.contains(option.help))
        #expect(ManualPage.text.contains("\\fB" + Roff.escaped(name) + "\\fR"))
    }

    @Test func hiddenOptionsAreNot() {
        #expect(!HelpText.text.contains("--print-"))
        for shell in Shell.allCases { #expect(!shell.completion.dropFirst(100).contains("print-manual")) }
    }

    @Test func exitStatusesAreInTheManual() {
        for status in ExitStatus.allCases { #expect(ManualPage.text.contains(".TP\n\\fB\(status.rawValue)\\fR\n")) }
    }

    @Test(arguments: [
        ("plain words", "plain words"),
        ("with --no-perms, and -p.", "with \\fB\\-\\-no\\-perms\\fR, and \\fB\\-p\\fR."),
        ("(-aE)", "(\\fB\\-aE\\fR)"),
        ("--delete --max-delete=10% x", "\\fB\\-\\-delete\\fR \\fB\\-\\-max\\-delete=10%\\fR x"),
        (".hidden", "\\&.hidden"), ("a\\b", "a\\eb"), ("it's", "it\\(aqs"),
        ("well-known -- x", "well\\-known \\-\\- x"),
    ])
    func roff(text: String, expected: String) {
        #expect(Roff.paragraph(text) == expected)
    }

    @Test(.enabled(if: Tool.groff.isInstalled)) func manualPageRendersWithoutWarnings() throws {
        try inTemporaryDirectory { folder in
            try shell("\(treesync) --print-manual > treesync.1", in: folder)
            let rendered = try run(Tool.groff.path, "-man", "-ww", "-Tutf8", "-P-cbou", "treesync.1", in: folder)
            #expect(rendered.status == 0)
            #expect(rendered.errors == "")
            #expect(rendered.output.contains("EXIT STATUS"))
        }
    }

    @Test(.enabled(if: Tool.man.isInstalled)) func manFindsNothingWrong() throws {
        try inTemporaryDirectory { folder in
            try shell("\(treesync) --print-manual > treesync.1", in: folder)
            let rendered = try run(Tool.man.path, "--warnings", "-E", "UTF-8", "-l", "./treesync.1", in: folder)
            #expect(rendered.status == 0)
            #expect(rendered.errors == "")
        }
    }

    /// `-VV` has every key of rsync's, each with a value of the same type.
    @Test(.enabled(if: Tool.rsync.isInstalled)) func capabilities() throws {
        let types = { (text: String) in
            let pairs = text.matches(of: #/"(\w+)": ("|\[|\{|\d+|true|false)/#).map { match in
                let isFlag = match.output.2 == "true" || match.output.2 == "false"
                let isNumber = match.output.2.first?.isNumber == true
                return (String(match.output.1), isFlag ? "flag" : isNumber ? "number" : String(match.output.2))
            }
            return Dictionary(pairs) { $1 }
        }
        let ours = try run(treesync, "-VV").output
        #expect(try types(ours) == types(run(Tool.rsync.path, "-VV").output))
        #expect(ours.contains("\"secluded_args\": \"optional\""))
    }
}
