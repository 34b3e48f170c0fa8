extension DifferentialCase {
    /// Sources that do not exist, whose destinations go away (`--delete-missing-args`).
    static let missing: [DifferentialCase] =
        [
            "-ai --delete-missing-args a/gone a/eq b", "-ai --delete-missing-args a/gone b",
            "-i --delete-missing-args a/gone b",
            "-ain --delete-missing-args a/gone a/eq b", "-ai --delete-missing-args a/nowhere a/eq b",
            "-ai --delete-missing-args a/nowhere b", "-ai --delete-missing-args a/gone new",
            "-ai --delete-missing-args a/gone/ a/eq b", "-ai --delete-missing-args a/hollow a/eq b",
            "-ai --delete-missing-args a/hollow a/gone b", "-ai --force --delete-missing-args a/old a/eq b",
            "-ai --delete --delete-missing-args a/old a/eq b", "-ai --delete --delete-missing-args a/old b",
            "-ai --delete --delete-missing-args a/gone a/d b", "-ai --delete --delete-missing-args x a/ b",
            "-ai --delete-before --delete-missing-args a/old a/eq b",
            "-ai --delete-missing-args --exclude=gone a/gone a/eq b",
            "-ai --delete-missing-args -fH_gone a/gone a/eq b", "-ai --delete-missing-args -fP_gone a/gone a/eq b",
            "-ai --ignore-missing-args --delete-missing-args a/gone a/eq b",
            "-ai --delete-missing-args --ignore-missing-args a/gone a/eq b",
            "-a --info=del --delete-missing-args a/gone a/eq b",
            "-ai --existing --delete-missing-args a/gone a/new b", "-aim --delete-missing-args a/gone a/nd b",
            "-ai --delete-missing-args b/d/gone a/gone b",
        ].map { DifferentialCase(.gone, $0) }
}
