/// The layout of a batch, version 1. All numbers are little-endian; lengths count bytes.
///
///     header:   magic (8), version (4), length of the options (4), options
///     record:   length of its body (4), body, contents, digest of all that (16)
///     trailer:  0 (4), number of records (8), where the trailer begins (8), digest (16)
///
/// The trailer's digest is that of the header, of the digests of all records in their order, and of the trailer up to
/// there. So every bit counts, and a record can be written again, with its own digest, before the next one follows.
/// The records stand in any order; each path has one.
enum BatchFormat {
    /// As PNG's: a transfer that changes ends of lines or takes away the eighth bit changes it.
    static let magic: [UInt8] = [0x89, 0x54, 0x53, 0x42, 0x0D, 0x0A, 0x1A, 0x0A]
    static let version: UInt32 = 1

    static let digestLength = 16
    static let fixedHeaderLength = 16
    static let trailerLength = 4 + 8 + 8 + digestLength
    /// More than that no options need.
    static let mostOptions = 1 << 16
    /// A file with more extents is recorded without its holes: a body has room in memory.
    static let mostExtents = 1 << 20
    /// Extents take 16 bytes each, everything else of an entry less than 200 KiB.
    static let mostBody = 32 << 20
    /// `NAME_MAX` of Linux.
    static let longestName = 255
    /// `PATH_MAX` without its NUL.
    static let longestTarget = 4095
    /// `XATTR_SIZE_MAX`.
    static let longestAttribute = 1 << 16
}

/// The kinds of records.
enum RecordTag: UInt8 {
    case entry = 1
    case deletion = 2
}
