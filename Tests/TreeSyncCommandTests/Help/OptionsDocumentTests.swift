import Foundation
import Testing

@testable import TreeSyncCommand

/// `Docs/options.md` is what the option table makes it, and names every option of rsync.
@Suite struct OptionsDocumentTests {
    @Test func isNotStale() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Docs/options.md")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(text == OptionsDocument.text, "run scripts/options-table")
    }

    /// The words with dashes at the beginnings of the lines of rsync's help.
    @Test(.enabled(if: Tool.rsync.isInstalled)) func namesEveryOptionOfRsync() throws {
        let help = try run(Tool.rsync.path, "--help").output
        let known = Set(RsyncOption.all.flatMap(\.spellings))
        var count = 0
        for line in help.split(separator: "\n") where line.hasPrefix("-") {
            for word in line.prefix(25).split(separator: ",") {
                let name = word.drop { $0 == " " }.prefix { $0 != "=" && $0 != " " }
                guard name.hasPrefix("-") else { continue }
                #expect(known.contains(String(name)), "\(name) is missing")
                count += 1
            }
        }
        #expect(count > 150)
    }

    /// What the table says of an option agrees with the parser.
    @Test(arguments: RsyncOption.all)
    func verdictHolds(option: RsyncOption) {
        let (summary, _) = option.verdict
        switch option.fate {
        case .asTable: #expect(option.isAccepted && summary == "same")
        case .same: #expect(summary == "same")
        case .differs(let explanation): #expect(option.isAccepted && !explanation.isEmpty)
        case .noEffect: #expect(option.isAccepted && summary == "no effect on one machine")
        case .remote: #expect(summary == "remote only")
        }
    }
}
