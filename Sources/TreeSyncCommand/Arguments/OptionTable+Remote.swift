/// Options of rsync for two machines: accepted, so that scripts go on working, checked, and without effect.
extension OptionTable {
    static let remote: [OptionSpecification] = [
        remote(.compress, ["compress", "old-compress", "new-compress"], "z", negatable: true),
        remote(.compressChoice, ["compress-choice", "zc"], value: "NAME", choices: RemoteSettings.compressions),
        remote(.compressLevel, ["compress-level", "zl"], value: "NUM"),
        remote(.compressThreads, ["compress-threads", "zt"], value: "NUM"),
        remote(.skipCompress, ["skip-compress"], value: "LIST"),
        remote(.remoteShell, ["rsh"], "e", value: "COMMAND"),
        remote(.remoteProgram, ["rsync-path"], value: "PROGRAM"),
        remote(.blockingIO, ["blocking-io"], negatable: true),
        remote(.connectionTimeout, ["contimeout"], value: "SECONDS", negatable: true),
        remote(.socketOptions, ["sockopts"], value: "OPTIONS"),
        remote(.address, ["address"], value: "ADDRESS"),
        remote(.port, ["port"], value: "PORT"),
        remote(.ipv4, ["ipv4"], "4"),
        remote(.ipv6, ["ipv6"], "6"),
        remote(.protocolVersion, ["protocol"], value: "NUM"),
        OptionSpecification(
            .iconv, ["iconv"], argument: .value(placeholder: "NAMES"), negatable: true, in: .remote,
            help: "has no effect; a conversion of names is refused",
            manual: """
                Takes the name of a character set, or \".\" or \"-\". Names are copied byte by byte: two sets that \
                differ are refused, with exit status 4; convmv(1) converts the names of a tree.
                """),
        remote(.secludedArguments, ["secluded-args", "protect-args"], "s", negatable: true),
        remote(.oldArguments, ["old-args"], negatable: true),
        remote(.trustSender, ["trust-sender"]),
        remote(.checksumSeed, ["checksum-seed"], value: "NUM"),
        remote(.maxAllocation, ["max-alloc"], value: "SIZE"),
        remote(.incrementalRecursion, ["inc-recursive", "i-r"], negatable: true),
    ]

    private static func remote(
        _ key: OptionKey, _ names: [String], _ letter: Character? = nil, value: String? = nil, choices: [String] = [],
        negatable: Bool = false
    ) -> OptionSpecification {
        OptionSpecification(
            key, names, letter, argument: value.map { .value(placeholder: $0, choices: choices) } ?? .none,
            negatable: negatable, in: .remote, help: "has no effect on one machine",
            manual: "Accepted and without effect on one machine.")
    }
}
