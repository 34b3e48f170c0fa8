import Foundation
import Testing

@testable import TreeSyncCommand

/// What a person sees, on a terminal that `script` makes.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"))) struct TerminalTests {
    /// Runs a line of the shell on a terminal of so many columns; what it wrote there.
    private func typescript(_ line: String, columns: Int = 80, in folder: String) throws -> String {
        let words = ["-qec", "stty cols \(columns); export TERM=xterm; \(line)", "log"]
        _ = try run("/usr/bin/script", words, in: folder)
        let log = try shell("cat log", in: folder)
        let lines = log.split(separator: "\n", omittingEmptySubsequences: false)
        var text = lines.filter { !$0.hasPrefix("Script ") }.joined(separator: "\n")
        // Its leading carriage return belongs to what is shown.
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }

    /// The reader of standard output sleeps, so that the run takes longer than a second.
    private func slowly(_ options: String) -> String {
        "\(treesync) \(options) src/ dst | (sleep 1.4; cat > /dev/null)"
    }

    private let manyFiles =
        "mkdir src; cd src; printf '%0200d\\n' {1..3000} | xargs touch; mkdir -p {a..z}/b; touch z/b/c"

    @Test(arguments: [10, 30, 80]) func quietLineComesAndGoes(columns: Int) throws {
        try inTemporaryDirectory { folder in
            try shell(manyFiles, in: folder)
            let shown = try typescript(slowly("-ai"), columns: columns, in: folder)
            let states = shown.components(separatedBy: "\r\u{1B}[J").map { $0.filter { !$0.isNewline } }
            #expect(states.count > 2 && states.last == "")
            #expect(states.contains { $0.contains("entries co".prefix(columns - 7)) })
            for state in states { #expect(TextWidth.of(state) < columns, "\(state)") }
        }
    }

    @Test(arguments: ["-ai --no-progress", "-aq", "-ai 2> errors"]) func noQuietLine(options: String) throws {
        try inTemporaryDirectory { folder in
            try shell(manyFiles, in: folder)
            #expect(try typescript(slowly(options), in: folder) == "")
            #expect(try shell("cat errors 2> /dev/null || true", in: folder) == "")
        }
    }

    @Test(arguments: [
        ("-ai", true), ("-av", true), ("-ain", true), ("-ai --color=never", false), ("-ai --color=always", true),
        ("-ai --color=auto", true), ("-aq", false),
    ])
    func colours(options: String, expected: Bool) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src; touch src/x", in: folder)
            let shown = try typescript("\(treesync) \(options) src/ dst", in: folder)
            #expect(shown.contains("\u{1B}[32m") == expected)
            #expect(shown.contains("\u{1B}[0m") == expected)
        }
    }

    @Test func coloursAreTakenBack() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src; touch src/x", in: folder)
            #expect(try !typescript("NO_COLOR=1 \(treesync) -ai src/ a", in: folder).contains("\u{1B}"))
            #expect(try !typescript("TERM=dumb \(treesync) -ai src/ b", in: folder).contains("\u{1B}"))
            #expect(try typescript("NO_COLOR= \(treesync) -ai src/ c", in: folder).contains("\u{1B}"))
            #expect(try !run(treesync, "-ai", "src/", "d", in: folder).output.contains("\u{1B}"))
            #expect(try run(treesync, "-ai", "--color=always", "src/", "e", in: folder).output.contains("\u{1B}"))
        }
    }

    /// A person is told in words what was done; a script that counts lines is not disturbed.
    @Test func lastLine() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src; touch src/x", in: folder)
            let would = try typescript("\(treesync) -an src/ dst", in: folder)
            #expect(would.hasPrefix("would create 2, update 0, delete 0, write 0 bytes; "))
            let done = try typescript("\(treesync) -ai src/ dst", in: folder)
            #expect(done.contains("2 created, 0 updated, 0 deleted, 0 bytes written in "))
            #expect(try run(treesync, "-an", "src/", "dst", in: folder).output == "")
        }
    }
}
