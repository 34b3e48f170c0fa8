import Testing

/// Words for rsync and treesync, and the trees that both are given copies of.
struct DifferentialCase: Sendable, CustomTestStringConvertible {
    /// Trees that a shell script makes; see `DifferentialTrees`.
    enum Trees: String, Sendable, CaseIterable {
        /// `src` and an older copy `dst` that differs in every way, and `clash` with other kinds of the same names.
        case older
        /// Names that are hard to print, and sizes that units round.
        case names
        /// A few entries; `b` is like `a` in part.
        case small
        /// `small` and an empty directory more in `b`.
        case gone
        /// `a` with directories that hold nothing, only each other, or what rules leave out; `b` has some of them.
        case hollow
        /// `s` with directories in directories and links to directories, `dst` with some of them, and lists of names.
        case paths
        /// `src` with links of every kind, inside and out of it; `dst` has other things of their names.
        case links
        /// `dst` with links to directories of its own where `src` has directories.
        case keptLinks
        /// Permissions of all kinds; directories of `dst` with default ACLs and set-group-id bits.
        case modes
        /// `older`, more that only `dst` has, and earlier backups.
        case kept
        /// `older`, an empty directory, and the trees `p` and `q`, which hold some of `src` as it is.
        case several
        /// Files of `a` that differ from those of `b` in part: changed blocks, ends, holes, zeros; and what interrupted
        /// runs have left in `b`.
        case contents
        /// `a` with what only root may set, as far as the user may make it; `store` is what rsync has stored of it with
        /// `--fake-super`, `b` what it has stored of an older state, `real` a real copy of that.
        case stored
    }

    let trees: Trees
    let line: String

    init(_ trees: Trees, _ line: String) {
        self.trees = trees
        self.line = line
    }

    var words: [String] { line.split(separator: " ").map { String($0.replacing("␣", with: " ")) } }
    var testDescription: String { "\(trees.rawValue): \(line)" }
}
