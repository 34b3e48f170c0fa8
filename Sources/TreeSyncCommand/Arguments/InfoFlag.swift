/// What `--info` and `--debug` have in common: names with levels, and levels that come with `-v`.
protocol LevelFlag: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// What the flag makes the command tell; for the list that `help` prints.
    var explanation: String { get }
    /// The level that the flag has with as many `-v`.
    func level(verbosity: Int) -> Int
    /// The highest level that means something.
    var highestLevel: Int { get }
    /// The option that takes these flags.
    static var optionName: String { get }
    /// The numbers of `-v` that the help text lists.
    static var verbosities: ClosedRange<Int> { get }
}

/// rsync's names of what can be told of a run.
enum InfoFlag: String, LevelFlag {
    case backup, copy, del, flist, misc, mount, name, nonreg, progress, remove, skip, stats, symsafe

    static let optionName = "--info"
    static let verbosities = 0...2

    var explanation: String {
        switch self {
        case .backup: "backups that are made"
        case .copy: "files that are taken from a basis directory"
        case .del: "what is deleted"
        case .flist: "nothing: no list of files is sent (accepted)"
        case .misc: "nothing: there is no protocol to speak of (accepted)"
        case .mount: "mount points that are left out"
        case .name: "1: what is created or updated; 2: also what is up to date"
        case .nonreg: "kinds of entries that the options leave out"
        case .progress: "how far the run is: 1: large files too; 2: the whole alone"
        case .remove: "files that are removed from the source"
        case .skip: "1: what the options keep from being updated; 2: and what differs there"
        case .stats: "1: a line in words at the end; 2: counts and sizes too"
        case .symsafe: "symbolic links that lead out of the tree"
        }
    }

    var highestLevel: Int {
        switch self {
        case .flist, .misc, .name, .progress, .skip: 2
        case .stats: 3
        case .backup, .copy, .del, .mount, .nonreg, .remove, .symsafe: 1
        }
    }

    func level(verbosity: Int) -> Int {
        switch self {
        case .nonreg: 1
        case .copy, .del, .flist, .stats, .symsafe: verbosity >= 1 ? 1 : 0
        case .misc, .name: min(verbosity, 2)
        case .backup, .mount, .remove, .skip: verbosity >= 2 ? 1 : 0
        case .progress: 0
        }
    }
}

/// rsync's names of what can be told of its workings. They are accepted; none of them has anything to tell here.
enum DebugFlag: String, LevelFlag {
    case acl, backup, bind, chdir, connect, cmd, del, deltasum, dup, exit, filter, flist, fuzzy, genr, hash, hlink
    case iconv, io, nstr, own, proto, recv, send, time

    static let optionName = "--debug"
    static let verbosities = 0...0

    var explanation: String { "accepted, without effect" }
    var highestLevel: Int { 4 }
    func level(verbosity: Int) -> Int { 0 }
}

/// The levels that were asked for; a later word overrides an earlier one.
struct Levels<Flag: LevelFlag>: Sendable, Equatable {
    private var explicit: [Flag: Int] = [:]

    /// The level of a flag: as it was asked for, else as `-v` has it.
    func level(_ flag: Flag, verbosity: Int) -> Int { explicit[flag] ?? flag.level(verbosity: verbosity) }

    /// Sets a level unless the user has set one.
    mutating func imply(_ flag: Flag, _ level: Int) { explicit[flag] = explicit[flag] ?? level }

    mutating func clear(_ flag: Flag) { explicit[flag] = 0 }

    /// Takes words such as `name2,del0,ALL` into account.
    ///
    /// - Returns: `false` where `help` is among them.
    mutating func add(_ use: Arguments.OptionUse) throws(UsageError) -> Bool {
        for word in (use.value ?? []).split(separator: UInt8(ascii: ",")) {
            let text = String(decoding: word, as: UTF8.self).lowercased()
            let digits = text.reversed().prefix { $0.isASCII && $0.isNumber }.count
            let name = String(text.dropLast(digits))
            let level = digits == 0 ? 1 : min(Int(text.suffix(digits)) ?? 9, 9)
            switch name {
            case "help": return false
            case "all": for flag in Flag.allCases { explicit[flag] = level }
            case "none": for flag in Flag.allCases { explicit[flag] = 0 }
            default:
                guard let flag = Flag(rawValue: name) else {
                    throw .badValue(
                        use.spelling, value: Array(word),
                        expected: "a flag; \(Flag.optionName)=help lists them")
                }
                explicit[flag] = level
            }
        }
        return true
    }

    /// What `help` prints.
    static var help: String {
        var text = """
            Flags of \(Flag.optionName), separated by commas, in upper or lower case. A digit behind a name is its
            level: NAME is NAME1, NAME0 says nothing.


            """
        for flag in Flag.allCases { text += line(flag.rawValue.uppercased(), flag.explanation) }
        text += "\n" + line("ALL", "all of them (ALL2: at level 2)") + line("NONE", "none, the same as ALL0")
        text += line("HELP", "this list")
        for verbosity in Flag.verbosities {
            let flags = Flag.allCases.filter { $0.level(verbosity: verbosity) > 0 }.map { flag in
                let level = flag.level(verbosity: verbosity)
                return flag.rawValue.uppercased() + (level > 1 ? String(level) : "")
            }
            if flags.isEmpty { continue }
            let options = verbosity == 0 ? "Without -v" : "With -" + String(repeating: "v", count: verbosity)
            text += "\n\(options): \(flags.joined(separator: ", "))"
        }
        return text + (Flag.verbosities.upperBound > 0 ? "\n" : "")
    }

    private static func line(_ name: String, _ explanation: String) -> String {
        name + String(repeating: " ", count: 10 - name.count) + explanation + "\n"
    }
}
