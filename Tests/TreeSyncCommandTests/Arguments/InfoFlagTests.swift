import Testing

@testable import TreeSyncCommand

/// `--info` and `--debug`: rsync's names, levels and defaults.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct InfoFlagTests {
    /// The words in capitals at the beginnings of the lines of rsync's own list.
    private func names(_ help: String) -> [Substring] {
        help.split(separator: "\n").compactMap { $0.split(separator: " ").first }
            .filter { $0.count > 1 && $0.allSatisfy { $0.isUppercase } && $0 != "HELP" }
    }

    @Test(arguments: ["--info=help", "--debug=help", "--info=name,HELP"])
    func namesOfRsync(option: String) throws {
        let expected = try run(Tool.rsync.path, option)
        let ending = try run(treesync, option)
        #expect(ending.status == expected.status && ending.errors == "")
        #expect(Set(names(ending.output)) == Set(names(expected.output)) && !names(expected.output).isEmpty)
    }

    /// rsync's last lines say which flags each level of verbosity adds.
    @Test func levelsOfVerbosity() throws {
        let help = try run(Tool.rsync.path, "--info=help").output
        for verbosity in 0...2 {
            let line = try #require(help.split(separator: "\n").first { $0.hasPrefix("\(verbosity)) ") })
            for word in line.dropFirst(3).split(separator: ",") {
                let level = Int(word.suffix(1)) ?? 1
                let name = word.lowercased().filter { !$0.isNumber }
                let flag = try #require(InfoFlag(rawValue: name))
                #expect(flag.level(verbosity: verbosity) == level)
                #expect(verbosity == 0 || flag.level(verbosity: verbosity - 1) < level)
            }
        }
    }

    @Test(arguments: [
        ("-a", InfoFlag.name, 0), ("-av", .name, 1), ("-avv", .name, 2), ("-avvv", .name, 2), ("-a", .nonreg, 1),
        ("-a --info=name", .name, 1), ("-a --info=NAME2,name0", .name, 0), ("-a --info=name12", .name, 9),
        ("-avv --info=none", .skip, 0), ("-a --info=all2", .skip, 2), ("-a --info=name0 -vv", .name, 0),
        ("-a --progress", .name, 1), ("-a --progress", .progress, 1), ("-a --info=name0 --progress", .name, 0),
        ("-a --progress --info=progress2", .progress, 2), ("-a --info=progress2 --progress", .progress, 2),
        ("-a --progress --no-progress", .progress, 0), ("-aP", .progress, 1), ("-aq --info=all3", .name, 0),
        ("-a --stats", .stats, 2), ("-av --stats --info=stats0", .stats, 2),
    ])
    func levels(line: String, flag: InfoFlag, expected: Int) throws {
        #expect(try request(line + " src dst").presentation.level(flag) == expected)
    }
}
