internal import Foundation

/// A block device of the kernel that a file stands behind; it goes away with the value's `detach`. For root.
public struct LoopDevice: Sendable {
    /// For example `/dev/loop7`.
    public let path: String
    /// The file that holds what the device holds.
    public let image: String
    /// Of the device's node, which tests may change.
    private let permissions: String

    /// Attaches a new file of `size` bytes, which should be whole sectors.
    public init(in folder: String, _ name: String = "image", size: Int) throws {
        image = folder + "/" + name
        var result = try runProgram(["truncate", "-s", "\(size)", image])
        if result.status == 0 { result = try runProgram(["losetup", "-f", "--show", image]) }
        guard result.status == 0 else { throw Unavailable(reason: "losetup: \(result.output)") }
        path = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
        permissions = try runProgram(["stat", "-c", "%a", path]).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Makes a node of the device, in a tree.
    public func makeNode(at place: String) throws {
        let result = try runProgram(["cp", "-a", path, place])
        guard result.status == 0 else { throw Unavailable(reason: "cp: \(result.output)") }
    }

    /// What the device holds, as everybody sees it.
    public func contents() throws -> [UInt8] {
        _ = try runProgram(["blockdev", "--flushbufs", path])
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Unavailable(reason: "cannot open \(path)") }
        defer { try? handle.close() }
        return Array(try handle.readToEnd() ?? Data())
    }

    /// Writes to the device.
    public func write(_ bytes: [UInt8], at offset: Int = 0) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: bytes)
        try handle.close()
    }

    /// Gives the device back to the kernel; the file stays.
    public func detach() {
        _ = try? runProgram(["chmod", permissions, path])
        _ = try? runProgram(["losetup", "-d", path])
    }
}

/// Whether this process may attach files to devices: not everywhere where it is root.
public let canAttachDevices: Bool = {
    guard isRoot else { return false }
    let device = try? withTemporaryDirectory { folder in
        let device = try LoopDevice(in: folder, size: 4096)
        device.detach()
        return device
    }
    return device != nil
}()
