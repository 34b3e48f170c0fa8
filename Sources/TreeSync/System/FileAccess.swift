/// How a file is opened for reading.
enum FileAccess: Sendable {
    case plain
    /// Reading does not set the access time, where we may ask for that. The C constant is `O_NOATIME`.
    case leavingAccessTime
}
