extension DifferentialCase {
    /// Directories that hold nothing (`--prune-empty-dirs`).
    static let pruning: [DifferentialCase] =
        [
            "-aim a/ b", "-aiim a/ b", "-ai --prune-empty-dirs a/ new", "-aim a new", "-aim a/chain b",
            "-aim a/chain/ b",
            "-aim a/chain/ new", "-aim a/chain new", "-aim --no-m a/ b", "-ai --no-prune-empty-dirs a/ b",
            "-aim --delete a/ b", "-aimn --delete a/ b", "-aim --exclude=*.o a/ b",
            "-aim --exclude=*.o --delete-excluded a/ b", "-aim --exclude=* a b", "-aim --exclude=x a new",
            "-aim --exclude=/a/full a new", "-aim --exclude=deep/ a/ new", "-aim -f:_.rules a/ new",
            "-aim -f:_.rules -f-_.rules a/ new", "-aim -f:_.rules -f-_.rules a/own b", "-aim -f:-_.rules a/own/ new",
            "-aim --include=*.o --include=*/ --exclude=* a/ new", "-aim --no-l a/ new", "-aim --no-D a/ new",
            "-aim --max-size=0 a/ new", "-dim a/ b", "-dim a b", "-dim --delete a/ b", "-aim --existing --delete a/ b",
            "-aim -fH_*.o --delete a/ b", "-aim -fP_/alone/ --delete a/ b", "-am --list-only a/",
            "-am --list-only --exclude=*.o a", "-aim a/ c/ new", "-aim c/ a/ new", "-aim a c new",
            "-aim a/ c/ b --delete",
            "-aimx a/ b", "-aim --remove-source-files a/ b", "-aimu a/ b", "-aimH a/ b", "-aim a/full/deep/x a/chain b",
            "-am --stats a/ b", "-am --stats --exclude=*.o a new", "-dm --stats a/ b",
            "-am --out-format=%n a/ b",
        ].map { DifferentialCase(.hollow, $0) }
}
