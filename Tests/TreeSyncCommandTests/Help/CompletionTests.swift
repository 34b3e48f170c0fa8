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
            ("--no-pe", "--no-perms"), ("--print", ""),
        ])
    func fish(words: String, expected: String) throws {
        try inTemporaryDirectory { folder in
            try shell("\(treesync) --print-completion=fish > treesync.fish; fish -n treesync.fish", in: folder)
            let script = "source treesync.fish; complete -C'treesync \(words)'"
            let offered = try shell("HOME=$PWD fish --no-config -c \"\(script)\" | cut -f 1 | sort", in: folder)
            #expect(offered.split(separator: "\n").joined(separator: " ") == expected)
        }
    }
}
