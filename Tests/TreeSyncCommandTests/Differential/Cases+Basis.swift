extension DifferentialCase {
    /// Entries that other trees hold: an empty destination, one that does not exist, and one that has some of them.
    static let basis: [DifferentialCase] =
        ["link", "copy", "compare"].flatMap { use in
            [
                "-ai --USE=../p src/ empty", "-aii --USE=../p src/ empty", "-aiiH --USE=../p src/ empty",
                "-aiX --USE=../p src/ empty", "-aiA --USE=../p src/ empty", "-aiiAXH --USE=../q src/ empty",
                "-aii --USE=../p --USE=../q src/ empty", "-aii --USE=../q --USE=../p src/ empty",
                "-aiic --USE=../p src/ empty", "-aiiI --USE=../p src/ empty", "-aii --size-only --USE=../p src/ empty",
                "-ain --USE=../p src/ empty", "-aiin --USE=../q src/ empty", "-rii --USE=../p src/ empty",
                "-rlptii --USE=../p src/ empty", "-aii --no-p --USE=../p src/ empty",
                "-aii --no-t --USE=../p src/ empty",
                "-aii --no-o --no-g --USE=../p src/ empty", "-aii --chmod=F600 --USE=../p src/ empty",
                "-ai --USE=../missing src/ empty", "-ai --USE=../missing --USE=../q src/ empty",
                "-ai --USE=../src/same src/ empty", "-a --stats --USE=../p src/ empty",
                "-a --stats --USE=../q src/ empty",
                "-av --USE=../p src/ empty", "-avv --USE=../p src/ empty", "-avvi --USE=../q src/ empty",
                "-a --info=name --USE=../p src/ empty", "-a --out-format=%i|%n%L --USE=../p src/ empty",
                "-aii --USE=../p src/ new", "-aii --USE=../p src/ dst", "-aii --USE=../q src/ dst",
                "-aii --USE=../q --delete src/ dst", "-ai --USE=../q --delete-before src/ dst",
                "-aii --USE=../q src/ clash", "-aii --USE=../p --force src/empty src/sub src/full clash",
                "-ai --USE=../q --existing src/ dst",
                "-aii --USE=../q --ignore-existing src/ dst", "-aiiu --USE=../q src/ dst",
                "-ai --USE=../q --exclude=changed src/ empty", "-ai --USE=../q --max-size=6 src/ empty",
                "-aii --USE=../p --USE=../missing --delete src/ dst", "-aii --USE=../p -x src/ empty",
                "-ai --USE=../q src/changed src/sub empty", "-aii --USE=../src src/ empty",
                "-aim --USE=../q src/ empty", "-aii --USE=../q src empty", "-aiiJ --USE=../p src/ empty",
                "-di --USE=../q src/ empty", "-aii --inplace --USE=../p src/ empty",
                "-aii --delay-updates --USE=../p src/ dst", "-aii --partial-dir=.p --USE=../q src/ dst",
                "-aii --no-D --no-l --USE=../q src/ empty",
            ].map { DifferentialCase(.several, $0.replacing("--USE", with: "--\(use)-dest")) }
        }
        + [
            "-ai --link-dest=../p --copy-dest=../q src/ empty", "-ai --compare-dest=../p --link-dest=../q src/ empty",
            "-ai --copy-dest=../p --compare-dest=../q src/ empty", "-aiib --copy-dest=../q src/ dst",
            "-ai --copy-dest=../q --backup-dir=../bak --delete src/ dst", "-aiy src/ dst",
            "-aiyy --link-dest=../p src/ empty",
            "-ai --fuzzy --delete src/ dst", "-aiy --delete-after src/ dst", "-aiy --delete-before src/ dst",
            "-aiy --no-y src/ dst",
        ].map { DifferentialCase(.several, $0) }
}
