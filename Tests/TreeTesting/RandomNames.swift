/// Names and link targets that a careless program trips over.
enum NameGenerator {
    /// Common names meet in two trees of different seeds, and under different kinds.
    static func name(_ random: inout SplitMix64) -> Name {
        switch random.below(8) {
        case 0: Name("common \(random.below(20))".utf8)
        case 1...3: Name("n\(random.below(40))".utf8)
        case 4, 5: random.pick(hostile)
        default: Name(bytes(&random))
        }
    }

    /// Dangling ones, absolute ones, long ones (xfs ends at 1,023 bytes), loops and bytes that are not UTF-8.
    static func target(_ random: inout SplitMix64) -> Name {
        switch random.below(6) {
        case 0: Name("n\(random.below(40))".utf8)
        case 1: random.pick(["/", "..", ".", "../../../../etc/passwd", "/dev/null", "//a//b/../c/"])
        case 2: Name(Array(repeating: UInt8(ascii: "l"), count: random.pick([1, 59, 60, 61, 1000])))
        default: Name(bytes(&random))
        }
    }

    /// 1 … 255 bytes of any value but zero and slash.
    private static func bytes(_ random: inout SplitMix64) -> [UInt8] {
        let bytes = (0..<random.pick([1, 2, 8, 30, 255])).map { _ -> UInt8 in
            let byte = UInt8(1 + random.below(255))
            return byte == UInt8(ascii: "/") ? UInt8(ascii: "\\") : byte
        }
        return bytes == [0x2E] || bytes == [0x2E, 0x2E] ? [0x2D] : bytes
    }

    private static let hostile: [Name] = [
        "-rf", "--delete", "-", "--", " ", "  leading", "trailing ", "\n", "a\nb", "a\n*deleting   b", "\t", "\r",
        "\u{1B}[31mred\u{1B}[0m", "\u{7F}", "...", ".hidden", "..a", "*", "?", "[a-z]", "~", "#", "a:b", "a|b", "\\",
        "\"", "'",
        "$HOME", "`id`", "\\#012", "größe", "gro\u{308}ße", "\u{202E}txt.exe", "日本語", "README", "readme", ".treesync",
        ".treesync-tmp", ".treesync.1234.tmp", ".~tmp~", ".file.abcdef", "file~", "treesync.tmp.0", "lost+found",
        Name([0xFF]), Name([0xC3, 0x28]), Name([0xED, 0xA0, 0x80]), Name([0xF8, 0x88, 0x80, 0x80, 0x80]),
        Name([0x80, 0x0A, 0x1B]),
        Name(Array(repeating: UInt8(ascii: "x"), count: 255)), Name(Array(repeating: UInt8(ascii: "."), count: 255)),
        Name(Array(repeating: 0xFF, count: 255)),
        Name(Array(".treesync-".utf8) + Array(repeating: UInt8(ascii: "y"), count: 245)),
    ]
}
