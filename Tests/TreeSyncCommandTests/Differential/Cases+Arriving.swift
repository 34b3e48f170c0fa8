extension DifferentialCase {
    /// Files that are written in place, or in part (`--inplace`, `--append`, `--sparse`, `--no-whole-file` …).
    static let writing: [DifferentialCase] =
        [
            "-ai --inplace a/ b", "-ain --inplace a/ b", "-aii --inplace a/ new", "-ai --inplace a b",
            "-aic --inplace a/ b", "-aiI --inplace a/ b", "-aiu --inplace a/ b", "-ai --size-only --inplace a/ b",
            "-aiAX --inplace a/ b", "-rlti --inplace a/ b", "-rlpti --inplace --delete a/ b",
            "-ai --inplace --delete a/ b", "-ai --inplace --delete-before a/ b", "-ai --inplace --existing a/ b",
            "-ai --inplace --ignore-existing a/ b", "-ai --inplace --stats a/ new", "-ai --inplace --no-inplace a/ b",
            "-ai --inplace --partial a/ b", "-ai --inplace --chmod=F640 a/ b", "-ai --inplace -W a/ b",
            "-ai --inplace --no-W a/ b", "-ai --inplace -B700 a/ b", "-ai --inplace -B131072 a/ b",
            "-ai --inplace -B131073 a/ b", "-ai --inplace -Bx a/ b", "-ai --inplace --preallocate a/ b",
            "-ai --inplace --sparse a/ b", "-ai --inplace --sparse -W a/ b", "-ai --inplace -S --preallocate a/ b",
            "-ai --inplace -S --no-W --delete a/ b", "-ai --inplace --fsync a/ b", "-ai --inplace --max-size=200k a/ b",
            "-ai --inplace --remove-source-files a/ b", "-ai --inplace a/changed b/grown",
            "-ai --inplace a/changed b/new", "-ai --inplace --bwlimit=100m a/ b", "-avv --inplace a/ b",
            "-ai --inplace --force a/ b",
            "-ai --append a/ b", "-ain --append a/ b", "-aii --append a/ new", "-aic --append a/ b",
            "-aiu --append a/ b", "-ai --size-only --append a/ b", "-aiI --append a/ b", "-ai --append --delete a/ b",
            "-ai --append --no-append a/ b", "-ai --append -W a/ b", "-ai --append --no-W a/ b",
            "-ai --append --inplace a/ b", "-ai --append --preallocate a/ b", "-avv --append a/ b",
            "-ai --append --existing a/ b", "-ai --append --stats a/ new", "-a --append --info=skip2 a/ b",
            "-ai --append-verify a/grown a/eq a/shrunk b", "-ai --append-verify a/ new", "-ain --append-verify a/ b",
            "-ai --append-verify --delete a/grown a/d b", "-ai --append-verify -W a/ b",
            "-rlpti --append a/ b", "-ai --append --remove-source-files a/ b",
            "-aiS a/ b", "-aiS a/ new", "-aiS -W a/ b", "-aiS --no-W a/ b", "-aiSc a/ b",
            "-ai --no-S -S --no-sparse a/ b",
            "-ai --preallocate a/ b", "-ai --preallocate a/ new", "-aiS --preallocate a/ new",
            "-aiS --preallocate --no-W a/ b", "-ai --no-preallocate a/ b",
            "-ai --no-whole-file a/ b", "-ai --no-W --delete a/ b", "-aic --no-W a/ b", "-aiI --no-W a/ new",
            "-aiH --no-W a/ b", "-ai --no-W -B1k a/ b", "-ai --no-W -W a/ b", "-ai -B0 --no-W a/ b",
            "-ai -B-1 a/ b", "-ai --block-size=100b --no-W a/ b", "-ai --no-block-size a/ b",
        ].map { DifferentialCase(.contents, $0) }
}
