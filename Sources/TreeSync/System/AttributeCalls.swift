import CLinux
internal import SystemPackage

/// What carries extended attributes: an open file, or a name in an open directory (never followed when a link).
enum AttributeCarrier {
    case open(Int32)
    case named(At, CName)
    /// What a batch says of an entry.
    indirect case recorded(ExtendedAttributes)

    var isRecorded: Bool { if case .recorded = self { true } else { false } }

    /// The names, each with a NUL at its end. The C function is `flistxattr` or `listxattrat`.
    @inline(__always)
    func list(_ buffer: UnsafeMutableRawPointer?, _ size: Int) throws(Errno) -> Int {
        switch self {
        case .open(let raw): Int(try kernel { ts_list_attributes(raw, buffer, size) })
        case .named(let at, let name): Int(try kernel { ts_list_attributes_at(at.raw, name, buffer, size) })
        case .recorded(let attributes): try Self.copy(attributes.encodedNames, buffer, size)
        }
    }

    /// The C function is `fgetxattr` or `getxattrat`.
    func get(_ attribute: CName, _ buffer: UnsafeMutableRawPointer?, _ size: Int) throws(Errno) -> Int {
        switch self {
        case .open(let raw): Int(try kernel { ts_get_attribute(raw, attribute, buffer, size) })
        case .named(let at, let name): Int(try kernel { ts_get_attribute_at(at.raw, name, attribute, buffer, size) })
        case .recorded(let attributes): try Self.copy(attributes.value(of: attribute), buffer, size)
        }
    }

    /// As the kernel answers: ENODATA for nothing, ERANGE where it does not fit, for no buffer the length.
    private static func copy(
        _ bytes: [UInt8]?, _ buffer: UnsafeMutableRawPointer?, _ size: Int
    ) throws(Errno) -> Int {
        guard let bytes else { throw .noData }
        guard let buffer else { return bytes.count }
        guard bytes.count <= size else { throw .outOfRange }
        bytes.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { buffer.copyMemory(from: start, byteCount: bytes.count) }
        }
        return bytes.count
    }
}

extension OpenFile {
    /// The C function is `fsetxattr`.
    func setAttribute(_ attribute: CName, _ value: [UInt8]) throws(Errno) {
        try kernel { ts_set_attribute(raw, attribute, value, value.count) }
    }

    /// An attribute that is gone already counts as removed. The C function is `fremovexattr`.
    func removeAttribute(_ attribute: CName) throws(Errno) {
        do {
            try kernel { ts_remove_attribute(raw, attribute) }
        } catch { guard error == .noData else { throw error } }
    }
}
