import Testing

@testable import TreeSyncCommand

/// The one table of options is complete and contradicts neither itself nor rsync.
@Suite struct OptionTableTests {
    @Test func everyKeyStandsOnce() {
        #expect(OptionTable.all.count == OptionKey.allCases.count)
        #expect(Set(OptionTable.all.map(\.key)) == Set(OptionKey.allCases))
    }

    @Test func spellingsAreUnique() {
        let names = OptionTable.all.flatMap { $0.names + $0.aliases + $0.negations }
        #expect(Set(names).count == names.count)
        let letters = OptionTable.all.compactMap(\.letter)
        #expect(Set(letters).count == letters.count)
    }

    @Test(arguments: OptionTable.all)
    func texts(option: OptionSpecification) {
        #expect(option.letter != nil || !option.names.isEmpty)
        #expect(option.letter?.isASCII ?? true)
        #expect(!option.help.isEmpty && !option.help.hasSuffix("."))
        #expect(option.group == .hidden || option.manual.hasSuffix(".") || option.manual.hasSuffix(")"))
        #expect(option.group == .hidden || (option.manual.first?.isUppercase ?? false) || option.manual.first == "0")
    }

    /// Options that rsync does not have, or means otherwise.
    private static let own: Set<OptionKey> = [
        .extendedAttributesLetter, .executability, .allowEmptySource, .allowUnmounted, .sourceMarker, .jobs,
        .durability, .printManual, .printCompletion, .printOptions, .explain, .color, .creationTimes,
    ]
    /// rsync has no way to take these back.
    private static let ownNegations: Set<OptionKey> = [
        .copyLinks, .copyUnsafeLinks, .safeLinks, .copyDirectoryLinks, .keepDirectoryLinks,
        .dryRun, .quiet, .ignoreTimes, .sizeOnly, .modifyWindow, .update, .existing, .ignoreExisting, .stats, .delete,
        .maxDelete, .fsync, .removeSourceFiles, .itemize, .from0, .directories, .timeout, .makePath, .openNoAccessTime,
        .omitDirectoryTimes,
        .omitLinkTimes, .backup, .compress,
    ]

    /// Values where a number is not one.
    private static let values: [OptionKey: String] = [
        .remoteOption: "--munge-links", .confineRoot: "/", .copyAs: "root",
        .filter: "-_1",
        .info: "name", .debug: "exit", .outputBuffering: "L", .standardErrorMode: "all",
        .checksumChoice: "md5", .compressChoice: "zlib", .protocolVersion: "31", .iconv: "utf8", .maxAllocation: "1G",
        .stopAt: "2037-01-01",
    ]

    /// rsync takes the same spellings; `--version` after them ends it before it copies.
    @Test(.enabled(if: Tool.rsync.isInstalled), arguments: OptionTable.all.filter { !own.contains($0.key) })
    func rsyncKnowsIt(option: OptionSpecification) throws {
        let text = Self.values[option.key] ?? "1"
        let value = option.takesValue ? "=" + text : ""
        var spellings = (option.names + option.aliases).map { "--" + $0 + value }
        if let letter = option.letter { spellings.append("-\(letter)" + (option.takesValue ? text : "")) }
        if !Self.ownNegations.contains(option.key) { spellings += option.negations.map { "--" + $0 } }
        for spelling in spellings {
            #expect(try run(Tool.rsync.path, spelling, "--version").status == 0, "rsync \(spelling)")
        }
    }
}
