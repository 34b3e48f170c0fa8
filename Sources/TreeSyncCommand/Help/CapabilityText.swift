/// What `-VV` prints: what the command can do, as JSON under rsync's keys, so that scripts which look there go on
/// working. What treesync has no use for on one machine is false, or an empty list.
enum CapabilityText {
    static var text: String {
        """
        {
          "program": "treesync",
          "version": "\(VersionText.version)",
          "protocol": "",
          "copyright": "",
          "url": "",
          "capabilities": {
        \(members(capabilities, indent: "    "))
          },
          "optimizations": {
        \(members(optimizations, indent: "    "))
          },
          "checksum_list": [\(names(checksums))],
          "compress_list": [],
          "daemon_auth_list": [],
          "license": "Apache-2.0",
          "caveat": "treesync comes without any warranty"
        }

        """
    }

    private enum Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
        case flag(Bool)
        case bits(Int)
        case word(String)

        init(booleanLiteral value: Bool) { self = .flag(value) }
        init(integerLiteral value: Int) { self = .bits(value) }
        init(stringLiteral value: String) { self = .word(value) }

        var json: String {
            switch self {
            case .flag(let flag): flag ? "true" : "false"
            case .bits(let bits): "\(bits)"
            case .word(let word): "\"\(word)\""
            }
        }
    }

    /// The names of digests that `--checksum-choice` takes; contents are compared byte by byte whichever it is.
    static let checksums = ["xxh128", "xxh3", "xxh64", "md5", "md4", "sha1", "none"]

    private static let capabilities: [(String, Value)] = [
        ("file_bits", 64), ("inum_bits", 64), ("timestamp_bits", 64), ("long_int_bits", 64), ("socketpairs", false),
        ("symlinks", true), ("symtimes", true), ("hardlinks", true), ("hardlink_specials", true),
        ("hardlink_symlinks", true), ("IPv6", false), ("atimes", true), ("batchfiles", true),
        ("inplace", true), ("append", true), ("ACLs", true), ("ACL_at", true), ("xattrs", true),
        ("secluded_args", "optional"), ("iconv", false), ("prealloc", true), ("stop_at", true),
        ("crtimes", false),
    ]

    private static let optimizations: [(String, Value)] = [
        ("SIMD_roll", false), ("asm_roll", false), ("openssl_crypto", false), ("asm_MD5", false),
    ]

    private static func members(_ values: [(String, Value)], indent: String) -> String {
        values.map { "\(indent)\"\($0.0)\": \($0.1.json)" }.joined(separator: ",\n")
    }

    private static func names(_ list: [String]) -> String { list.map { "\"\($0)\"" }.joined(separator: ", ") }
}
