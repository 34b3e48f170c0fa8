internal import CTreeTesting
internal import Foundation

/// A file system to test on: the one of the temporary folder, or one that is mounted for this process and goes away
/// with it.
public enum FileSystem: String, Sendable, CaseIterable {
    /// Whatever holds the temporary folder.
    case temporary
    case ext4
    case xfs
    case btrfs
    /// Its directories do not say what kind of thing an entry is.
    case withoutKinds
    case tmpfs
    /// Through FUSE: no links, no special files, no owners, no case.
    case exfat

    /// Those that keep everything a tree can have.
    public static let faithful: [FileSystem] = [.temporary, .ext4, .xfs, .btrfs, .tmpfs]

    /// For many small files: in memory where that can be, else the temporary folder.
    public static var quick: FileSystem { ext4.unavailability == nil ? .ext4 : .temporary }

    /// Where the file system's root is, mounted on first use; throws `Unavailable` with the reason.
    public func folder() throws -> String {
        try mounts.withLock { mounts in
            let result = mounts[self] ?? Result { try makeFolder() }.mapError { Unavailable(reason: "\($0)") }
            mounts[self] = result
            return try result.get()
        }
    }

    /// Why tests on it must be skipped; `nil` when they need not.
    public var unavailability: String? {
        do { _ = try folder() } catch { return "\(rawValue): \(error)" }
        return nil
    }

    private func makeFolder() throws -> String {
        guard self != .temporary else { return temporaryFolder }
        guard isRoot else { throw Unavailable(reason: "mounting needs root") }
        return try MountedImage(self).mount()
    }
}

/// Something a test needs is not here.
public struct Unavailable: Error, Sendable, CustomStringConvertible {
    /// What is missing.
    public var reason: String

    /// The reason.
    public var description: String { reason }
}

private let mounts = Guarded<[FileSystem: Result<String, Unavailable>]>([:])

/// Holds the mount points and images of one process.
private let fixturePrefix = "treesync-fixtures."
private let fixtureFolder = "\(temporaryFolder)/\(fixturePrefix)\(tt_process())"

/// Made once: removes what killed runs left behind, and sees to it that this run leaves nothing.
private let preparedFolder: Result<String, any Error> = Result {
    for name in try FileManager.default.contentsOfDirectory(atPath: temporaryFolder) where name.hasPrefix(fixturePrefix)
    {
        guard let process = Int64(name.dropFirst(fixturePrefix.count)), tt_process_exists(process) == 0 else {
            continue
        }
        removeFixtures("\(temporaryFolder)/\(name)")
    }
    try FileManager.default.createDirectory(atPath: fixtureFolder, withIntermediateDirectories: true)
    atexit { removeFixtures(fixtureFolder) }
    return fixtureFolder
}

/// A folder that the tests of this process share; it goes away with it.
public func sharedFolder() throws -> String { try preparedFolder.get() }

private func removeFixtures(_ folder: String) {
    for fileSystem in FileSystem.allCases {
        _ = "\(folder)/\(fileSystem.rawValue)".withCString(tt_unmount)
        try? FileManager.default.removeItem(atPath: imagePath(fileSystem, of: folder))
    }
    try? removeTree(folder)
}

/// In memory where there is a folder for that: the images are sparse, and journals fast.
private func imagePath(_ fileSystem: FileSystem, of folder: String) -> String {
    let name = (folder as NSString).lastPathComponent
    let memory = FileManager.default.isWritableFile(atPath: "/dev/shm")
    return memory ? "/dev/shm/\(name).\(fileSystem.rawValue)" : "\(folder)/\(fileSystem.rawValue).image"
}

/// An image file, its file system and its mount point.
private struct MountedImage {
    let fileSystem: FileSystem
    let target: String
    let image: String

    init(_ fileSystem: FileSystem) throws {
        self.fileSystem = fileSystem
        let folder = try preparedFolder.get()
        target = "\(folder)/\(fileSystem.rawValue)"
        image = imagePath(fileSystem, of: folder)
    }

    func mount() throws -> String {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        switch fileSystem {
        case .temporary: break
        case .tmpfs: try run("mount", "-t", "tmpfs", "-o", "size=2g,nr_inodes=1m", "treesync-tests", target)
        case .ext4:
            // 256-byte inodes keep nanoseconds and times after 2038.
            try makeImage(megabytes: 512)
            try run("mkfs.ext4", "-q", "-F", "-I", "256", "-N", "131072", image)
            try run("mount", "-o", "loop", image, target)
        case .withoutKinds:
            try makeImage(megabytes: 512)
            try run("mkfs.ext4", "-q", "-F", "-I", "256", "-O", "^filetype", image)
            try run("mount", "-o", "loop", image, target)
        case .xfs:
            try makeImage(megabytes: 512)
            try run("mkfs.xfs", "-q", "-f", "-m", "bigtime=1", image)
            try run("mount", "-o", "loop", image, target)
        case .btrfs:
            try makeImage(megabytes: 1024)
            try run("mkfs.btrfs", "-q", "-f", image)
            try run("mount", "-o", "loop", image, target)
        case .exfat: try mountExFAT()
        }
        // Unprivileged children of the tests make their trees here too.
        if fileSystem != .exfat { try run("chmod", "1777", target) }
        return target
    }

    private func mountExFAT() throws {
        try makeImage(megabytes: 64)
        try run("mkfs.exfat", image)
        let device = try run("losetup", "-f", "--show", image).trimmingCharacters(in: .whitespacesAndNewlines)
        // Detached at once, so that it goes away with the mount.
        defer { _ = try? run("losetup", "-d", device) }
        try run("mount.exfat-fuse", device, target)
    }

    private func makeImage(megabytes: Int) throws {
        try? FileManager.default.removeItem(atPath: image)
        try run("truncate", "-s", "\(megabytes)M", image)
    }

    @discardableResult
    private func run(_ arguments: String...) throws -> String {
        let (status, output) = try runProgram(arguments)
        guard status == 0 else {
            throw Unavailable(reason: "\(arguments.joined(separator: " ")): status \(status) \(output)")
        }
        return output
    }
}
