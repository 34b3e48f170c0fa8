extension Manual {
    static let filterRules = Section(
        title: "FILTER RULES",
        blocks: [
            .paragraph(
                """
                A list of rules says which entries take part. For each name the first rule that matches decides; a name \
                that no rule matches takes part. Where a directory is left out, nothing below it is looked at. An \
                entry of the destination that a rule excludes is protected: it is neither changed nor deleted, and \
                a directory that holds one stays. A rule is a letter or a word, perhaps modifiers, a space or an \
                underscore, and a pattern or the name of a file:
                """),
            .item("-, exclude", "Leaves out what matches, and protects it in the destination."),
            .item("+, include", "Takes what matches, and lets it be deleted."),
            .item("H, hide and S, show", "The same two for the source alone: the destination's may be deleted."),
            .item("P, protect and R, risk", "The same two for the destination alone."),
            .item(
                "., merge",
                "Puts the rules of a file in this place. Its lines are rules; those that begin with # or ; are comments."
            ),
            .item(
                ":, dir-merge",
                """
                In every directory the rules of the file of this name, which hold there and below, before those of the \
                directories above. A path before the name, as in ": /.rules", has it looked for in the directories \
                above the source, too, from there on; in the file of a directory, in those above that directory. \
                With deletions at the end the destination's rules are those \
                that the source's files will have put there; before or during the run, those that it has.
                """),
            .item("!, clear", "Forgets the rules before it; in the file of a directory, those of its file name."),
            .paragraph("Patterns are matched with the last name of an entry's path, byte by byte. In them"),
            .item("*", "is any run of bytes without a slash, ** one with slashes, ? one byte but a slash."),
            .item("[a-z]", "is one of these bytes, [!a-z] any other; [[:alpha:]] and the like are classes."),
            .item("\\", "takes the meaning from the next byte, where the pattern has a wildcard at all."),
            .item("/ at the beginning", "ties the pattern to the top of the tree, or to the directory of its file."),
            .item("/ within, or **", "has the whole path matched, up to its end; foo/bar is found at any depth."),
            .item("/ at the end", "matches directories only."),
            .item("name/***", "is the directory and all it holds."),
            .paragraph("Modifiers follow the rule's letter, or a comma:"),
            .item("/", "The pattern is matched with the absolute path."),
            .item("!", "The rule takes effect where the pattern does not match."),
            .item("s, r", "The rule holds for the source (s) or the destination (r)."),
            .item("p", "The rule is ignored in directories that are being deleted."),
            .item(
                "x",
                """
                The rule is about names of extended attributes: -f'-x user.cache*' neither copies nor deletes these. \
                What is protected in the destination (Px) is not set there either.
                """),
            .item("C", "After - the patterns that CVS ignores; after : or . a file as CVS reads it."),
            .item("-, +", "After : or ., every line of the file is a pattern that excludes, or includes."),
            .item(
                "e, n, w", "After : or .: the file itself is left out; it holds in its directory only; words are rules."
            ),
            .example(
                """
                treesync -a --exclude=/cache/ --exclude='*.tmp' src/ dst/
                treesync -a -f'+ */' -f'+ *.c' -f'- *' src/ dst/
                treesync -a --delete -f'P /lost+found' -F src/ dst/
                """),
        ])
}
