extension Action: CustomStringConvertible {
    /// The eleven columns of rsync's `--itemize-changes`, a space and the path; see `%i` and `%n%L` in its manual.
    public var description: String { itemized + " " + pathAndTarget }

    /// The path as rsync's `%n%L` prints it: a slash after a directory, the target of a link.
    public var pathAndTarget: String {
        var text = path.description
        if kind == .directory { text += "/" }
        if case .link(let leader) = verb {
            text += " => " + leader.description
        } else if let symbolicLinkTarget {
            text += " -> " + printable(symbolicLinkTarget)
        }
        return text
    }

    /// The eleven columns of rsync's `%i`.
    public var itemized: String {
        switch verb {
        case .delete, .deleteTemporary: "*deleting  "
        case .create: String([creationLetter, kind.itemizeLetter]) + "+++++++++"
        case .update: String([updateLetter, kind.itemizeLetter]) + attributeColumns
        case .setAttributes: String([".", kind.itemizeLetter]) + attributeColumns
        case .link: String(["h", kind.itemizeLetter]) + linkColumns
        case .linkBasis: String(["h", kind.itemizeLetter]) + blankOrAttributes
        case .copyBasis: String(["c", kind.itemizeLetter]) + blankOrAttributes
        case .leaveToBasis: String([".", kind.itemizeLetter]) + blankOrAttributes
        }
    }

    private var creationLetter: Character { kind == .regular ? ">" : "c" }
    private var updateLetter: Character { kind == .regular ? ">" : "c" }

    private var linkColumns: String {
        if !differences.isDisjoint(with: [.absent, .kind]) { return "+++++++++" }
        return blankOrAttributes
    }

    private var blankOrAttributes: String { attributeColumns == "........." ? "         " : attributeColumns }

    private var attributeColumns: String {
        let time: Character = differences.contains(.timeOfCopy) ? "T" : "t"
        let columns: [(Differences, Character)] = [
            (.content, "c"), (.size, "s"), ([.time, .timeOfCopy], time), (.permissions, "p"), (.owner, "o"),
            (.group, "g"), (.accessTime, "u"), (.acl, "a"), (.extendedAttributes, "x"),
        ]
        return String(columns.map { difference, letter in differences.isDisjoint(with: difference) ? "." : letter })
    }
}
