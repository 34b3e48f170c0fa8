extension Manual {
    /// What `--out-format` takes.
    static let formats = Section(
        title: "FORMATS",
        blocks: [
            .paragraph(
                """
                --out-format and --log-file-format take text with these escapes, as in rsync. A width may stand \
                between the percent sign and the letter, with a minus sign before it to align to the left. \
                Apostrophes before or behind it make a number more human-readable: one groups its digits, two give \
                units of 1000, three of 1024.
                """),
            .item("%i", "the eleven characters of ITEMIZED CHANGES"),
            .item("%n", "the name, with a slash behind a directory's"),
            .item("%L", "\" -> \" and where a symbolic link points, \" => \" and the name that a hard link is made to"),
            .item("%f", "the name with the source's path before it"),
            .item("%l %b %c", "the size; the size where contents are copied, else 0; 0"),
            .item("%C", "the digest (XXH3, 128 bits) of a file whose contents are copied, else blanks"),
            .item("%M %t", "the time of modification; the time now"),
            .item("%B %U %G", "the permissions; the numbers of the owner and of the group (DEFAULT without -g)"),
            .item("%o %p %m", "\"send\" or \"del.\"; the number of the process; nothing"),
            .item("%%", "a percent sign"),
            .example("treesync -aE --out-format='%i %''8l %M %n%L' src/ dst/"),
        ])
}
