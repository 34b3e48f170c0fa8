import Foundation
import Testing

@testable import TreeSyncCommand

/// The completions work in their shells.
@Suite struct CompletionTests {
    /// What bash offers for the last of the words.
    @Test(
        .enabled(if: Tool.bash.isInstalled),
        arguments: [
            ("--modi", "--modify-window="),
            ("--delete-d", "--delete-during --delete-delay"),
            ("--no-pe", "--no-perms"),
            ("-a --exi", "--existing"),
            ("-a --print", ""),
            ("--modify-window", "--modify-window="),
            ("--jobs ''", ""),
            ("fil", "file one"),
            ("--durability = ba", "batch"),
            ("--durability ''", "none batch file"),
            ("--durability =", "none batch file"),
            ("--files-from fil", "file one"),
            ("--exclude fil", ""),
            ("-a nothing", ""),
        ])
    func bash(words: String, expected: String) throws {
        try inTemporaryDirectory { folder in
            try shell(
                "\(treesync) --print-completion=bash > completion; touch 'file one'; bash -n completion", in: folder)
            let offered = try shell(
                """
                compopt() { :; }
                . ./completion
                COMP_WORDS=(treesync \(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _treesync
                echo "${COMPREPLY[*]}"
                """, in: folder)
            #expect(offered == expected + "\n")
        }
    }

    @Test(.enabled(if: Tool.bash.isInstalled)) func bashRegistersIt() throws {
        try inTemporaryDirectory { folder in
            let registered = try shell(
                "\(treesync) --print-completion=bash > c; . ./c; complete -p treesync", in: folder)
            #expect(registered == "complete -F _treesync treesync\n")
        }
    }

    /// Words that somebody types at a prompt, with tabs, and what the command is called with.
    private static let typed = [
        ("--modi\t5 fil\t", ["--modify-window=5", "file one"]), ("--durability=ba\t", ["--durability=batch"]),
        ("-a sub/in\t", ["-a", "sub/inner"]), ("--files-from=su\tin\t", ["--files-from=sub/inner"]),
        ("--no-pe\tsub/inner", ["--no-perms", "sub/inner"]), ("-a nothing\t", ["-a", "nothing"]),
    ]

    /// What a shell on a terminal calls the command with.
    private func type(_ text: String, into shell: String, _ rules: [String: String]) throws -> [String] {
        try inTemporaryDirectory { folder in
            _ = try TreeSyncCommandTests.shell(
                "mkdir sub home; touch 'file one' sub/inner; \(treesync) --print-completion=bash > c.bash\n"
                    + "\(treesync) --print-completion=zsh > home/_treesync", in: folder)
            for (file, text) in rules {
                try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/home/" + file))
            }
            try Data("treesync \(text)\nexit\n".utf8).write(to: URL(fileURLWithPath: folder + "/typed"))
            let command = "stty cols 200; export HOME=$PWD/home ZDOTDIR=$PWD/home TERM=xterm; \(shell)"
            let words = ["-c", "exec script -qec '\(command)' log < typed"]
            _ = try run(Tool.bash.path, words, in: folder)
            return try TreeSyncCommandTests.shell("cat called", in: folder).split(separator: "\n").map(String.init)
        }
    }

    /// Stands for the command: notes what it is called with.
    private static let command = "treesync() { printf '%s\\n' \"$@\" > $HOME/../called; }\n"

    @Test(.enabled(if: Tool.bash.isInstalled && Tool.script.isInstalled), arguments: typed)
    func bashAtAPrompt(text: String, expected: [String]) throws {
        let rules = Self.command + ". $HOME/../c.bash\n"
        #expect(try type(text, into: "bash --rcfile home/rc -i", ["rc": rules]) == expected)
    }

    @Test(.enabled(if: Tool.zsh.isInstalled && Tool.script.isInstalled), arguments: typed)
    func zshAtAPrompt(text: String, expected: [String]) throws {
        let rules = Self.command + "fpath=($HOME $fpath); autoload -Uz compinit; compinit -u -D\n"
        #expect(try type(text, into: "zsh -o NO_GLOBAL_RCS -i", [".zshrc": rules]) == expected)
    }

    @Test(.enabled(if: Tool.zsh.isInstalled)) func zshParsesIt() throws {
        try inTemporaryDirectory { folder in
            try shell("\(treesync) --print-completion=zsh > _treesync; zsh -n _treesync", in: folder)
        }
    }

    /// What fish offers for the last of the words, without its descriptions.
    @Test(
        .enabled(if: Tool.fish.isInstalled),
        arguments: [
            ("--modi", "--modify-window"), ("--delete-d", "--delete-delay --delete-during"), ("-a --exi", "--existing"),
            ("--no-pe", "--no-perms"), ("--print", ""), ("--durability ba", "batch"),
            ("--durability=ba", "--durability=batch"),
            ("fil", "file one"), ("--files-from su", "sub/"), ("sub/in", "sub/inner"),
        ])
    func fish(words: String, expected: String) throws {
        try inTemporaryDirectory { folder in
            try shell("\(treesync) --print-completion=fish > treesync.fish; fish -n treesync.fish", in: folder)
            try shell("mkdir sub; touch 'file one' sub/inner", in: folder)
            let script = "source treesync.fish; complete -C'treesync \(words)'"
            let offered = try shell("HOME=$PWD fish --no-config -c \"\(script)\" | cut -f 1 | sort", in: folder)
            #expect(offered.split(separator: "\n").joined(separator: " ") == expected)
        }
    }
}
