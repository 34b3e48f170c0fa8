import Testing

@testable import TreeSyncCommand

/// How words are told apart: rsync's grammar of options, which is popt's.
@Suite struct ArgumentsTests {
    /// Words in the notation of `described`: an option with its value, an operand between brackets.
    @Test(arguments: [
        ("-a", "-a"),
        ("-aEni", "-a -E -n -i"),
        ("-vvv -hh", "-v -v -v -h -h"),
        ("--archive --no-perms --no-p", "--archive --no-perms --no-p"),
        ("--no-D --no-@", "--no-D --no-@"),
        ("src -a dst -v", "[src] -a [dst] -v"),
        ("-a -- -v --x", "-a [-v] [--x]"),
        ("src -- dst", "[src] [dst]"),
        ("src --", "[src]"),
        ("-", "[-]"),
        ("-@2 src", "-@=2 [src]"),
        ("-@ 2 src", "-@=2 [src]"),
        ("-ai@-1 src", "-a -i -@=-1 [src]"),
        ("-ai@ -1 src", "-a -i -@=-1 [src]"),
        // One sign of equality between a letter and its value is none of the value, where they are one word.
        ("-@=2 src", "-@=2 [src]"), ("-@==2", "-@==2"), ("-@ =2", "-@==2"), ("-ai@=2 -v", "-a -i -@=2 -v"),
        ("-@=", "-@="), ("--modify-window==2", "--modify-window==2"), ("src -M=--x dst", "[src] -M=--x [dst]"),
        ("--modify-window=2", "--modify-window=2"),
        ("--modify-window 2 src", "--modify-window=2 [src]"),
        ("--max-delete -1", "--max-delete=-1"),
        ("--max-delete --", "--max-delete=--"),
        ("--modify-window=", "--modify-window="),
        ("--del --delete-during", "--del --delete-during"),
        ("-a -rl src", "-a -r -l [src]"),
        ("a=b", "[a=b]"),
    ])
    func words(line: String, expected: String) throws {
        #expect(described(try parsed(line)) == expected)
    }

    @Test func operandsKeepEveryByte() throws {
        let path: [UInt8] = [0xFF, 0x2F, 0x0A, 0xC3, 0x28, 0x2F]
        #expect(try parsed([path, Array("-a".utf8), []]).words.first == .operand(path))
        #expect(try parsed([path, Array("-a".utf8), []]).words.last == .operand([]))
    }

    @Test(arguments: [("--no-p", OptionKey.permissions), ("--no-perms", .permissions), ("--no-W", .wholeFile)])
    func negated(line: String, key: OptionKey) throws {
        #expect(try parsed(line).words == [.option(.init(key: key, isNegated: true, spelling: line, value: nil))])
    }

    /// Each vector starts anew, whatever came before it: also after an error in the midst of a cluster.
    @Test func parsingLeavesNothingBehind() throws {
        #expect(usageError("-aZv src dst") == .unknownOption("-Z", suggestion: nil))
        #expect(described(try parsed("-a src")) == "-a [src]")
        #expect(described(try parsed("")) == "")
    }

    @Test(arguments: [
        ("--bogus", UsageError.unknownOption("--bogus", suggestion: nil)),
        ("--bogus=3", .unknownOption("--bogus", suggestion: nil)),
        ("-Z", .unknownOption("-Z", suggestion: nil)),
        ("-aZv", .unknownOption("-Z", suggestion: nil)),
        ("-rl -apZ", .unknownOption("-Z", suggestion: nil)),
        ("--verb", .unknownOption("--verb", suggestion: "--verbose")),
        ("--modify=3", .unknownOption("--modify", suggestion: "--modify-window")),
        ("--no-arch", .unknownOption("--no-arch", suggestion: nil)),
        ("--no-archive", .unknownOption("--no-archive", suggestion: nil)),
        ("--no-a", .unknownOption("--no-a", suggestion: nil)),
        ("--no-ac", .unknownOption("--no-ac", suggestion: "--no-acls")),
        ("--verbose=3", .unexpectedValue("--verbose")),
        ("--no-perms=", .unexpectedValue("--no-perms")),
        ("--modify-window", .missingValue("--modify-window")),
        ("-a@", .missingValue("-@")),
        ("--max-delete", .missingValue("--max-delete")),
    ])
    func refused(line: String, expected: UsageError) {
        #expect(usageError(line) == expected)
    }

    @Test func unknownOptionsThatAreNoTextAreEscaped() {
        let error = usageError([[0x2D, 0x2D, 0x1B, 0xFF]])
        #expect(error == .unknownOption("--\\#033\\#377", suggestion: nil))
        #expect(usageError([[0x2D, 0x1B]]) == .unknownOption("-\\#033", suggestion: nil))
    }

    private func described(_ arguments: Arguments) -> String {
        arguments.words.map { word in
            switch word {
            case .operand(let bytes): "[" + String(decoding: bytes, as: UTF8.self) + "]"
            case .option(let use):
                use.spelling + (use.value.map { "=" + String(decoding: $0, as: UTF8.self) } ?? "")
            }
        }
        .joined(separator: " ")
    }
}
