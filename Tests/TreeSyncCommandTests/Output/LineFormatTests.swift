import Testing
import TreeSync

@testable import TreeSyncCommand

/// `--out-format`: the escapes of rsync's manual. What they print is compared with rsync by the differential cases.
@Suite struct LineFormatTests {
    private static func escape(_ letter: Character, _ width: Int? = nil) -> LineFormat.Piece {
        .escape(LineFormat.Escape(letter: letter, width: width))
    }

    @Test(
        arguments: [
            ("", []), ("text", [.text(Array("text".utf8))]), ("%n%L", [escape("n"), escape("L")]),
            ("%20n", [escape("n", 20)]), ("100%", [.text(Array("100%".utf8))]),
            ("%%n", [escape("%"), .text(Array("n".utf8))]),
            ("%a%q", [.text(Array("%a%q".utf8))]), ("%n%", [escape("n"), .text(Array("%".utf8))]),
            (
                "%''-9l",
                [.escape(LineFormat.Escape(letter: "l", numberStyle: .thousands, width: 9, isLeftAligned: true))]
            ),
            ("%0-9n", [.text(Array("%0-9n".utf8))]), ("%5%%n", [escape("%", 5), escape("n")]),
            (
                "%'-012''l",
                [.escape(LineFormat.Escape(letter: "l", numberStyle: .binary, width: 12, isLeftAligned: true))]
            ),
            ("%-L", [.escape(LineFormat.Escape(letter: "L", width: 0, isLeftAligned: true))]),
            ("%99999999999999999999n", [escape("n", 4096)]),
            ("%07U", [.escape(LineFormat.Escape(letter: "U", width: 7, hasZeros: true))]),
        ] as [(String, [LineFormat.Piece])])
    func pieces(format: String, expected: [LineFormat.Piece]) {
        #expect(LineFormat(Array(format.utf8)).pieces == expected)
    }

    /// Every letter that rsyncd.conf(5) lists is an escape, or stands for a server and stays.
    @Test func lettersOfTheManual() {
        #expect(LineFormat.letters.union("ahPu") == Set("%aBbcCfGhilLmMnopPtuU"))
    }

    @Test(
        arguments: [
            (0o644, "rw-r--r--"), (0o7777, "rwsrwsrwt"), (0o7666, "rwSrwSrwT"), (0, "---------"), (0o1751, "rwxr-x--t"),
        ] as [(UInt16, String)])
    func permissions(bits: UInt16, expected: String) {
        #expect(Permissions.letters(bits) == expected)
    }

    @Test(arguments: [("-8", "\u{FFFD}ä\\#033\\#012"), ("-a", "\\#377ä\\#033\\#012")])
    func names(option: String, expected: String) throws {
        let style = try request("\(option) src dst").presentation.nameStyle
        #expect(text(style.shown([0xFF, 0xC3, 0xA4, 0x1B, 0x0A])) == expected)
    }
}
