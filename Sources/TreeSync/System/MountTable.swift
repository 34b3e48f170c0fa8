internal import SystemPackage

/// Where file systems shall be mounted, as `/etc/fstab` says.
struct MountTable: Sendable {
    /// The mount points, `/` left out, in the order of the table.
    let mountPoints: [[UInt8]]

    static var ofSystem: MountTable { MountTable(text: readSmallFile("/etc/fstab") ?? []) }

    /// - Parameter text: lines of fields; the second is the mount point, with spaces as `\\040` (fstab(5)).
    init(text: [UInt8]) {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        mountPoints = text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(whereSeparator: isBlank)
            guard fields.count > 2, fields[0].first != UInt8(ascii: "#") else { return nil }
            let path = Self.unescaped(fields[1])
            return path.first == UInt8(ascii: "/") && path.count > 1 ? path : nil
        }
    }

    /// Three octal digits after a backslash are one byte.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3).map { Int($0) - 0x30 }
            if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy((0...7).contains) {
                bytes.append(UInt8(truncatingIfNeeded: digits[0] << 6 | digits[1] << 3 | digits[2]))
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Mount points that are directories and nothing more. What is mounted there is its own root.
    var unmounted: [(path: [UInt8], identity: FileIdentity)] {
        mountPoints.compactMap { path in
            guard let directory = try? openPlace(terminated(path)),
                let isMounted = try? Status.isMountRoot(directory.raw), !isMounted,
                let status = try? Status.of(directory.raw)
            else { return nil }
            return (path, status.identity)
        }
    }
}
