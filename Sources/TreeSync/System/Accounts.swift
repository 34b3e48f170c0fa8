import CLinux

/// Names and numbers of users or groups, as the system's databases know them; what was asked for once is kept.
final class Accounts: Sendable {
    /// `LOGIN_NAME_MAX` is 256.
    private static let longestName = 512

    private let database: IdentityMap.Database
    private let names = Lock<[UInt32: [UInt8]?]>([:])

    init(_ database: IdentityMap.Database) { self.database = database }

    /// `nil` where the number has no name. The C functions are `getpwuid_r` and `getgrgid_r`.
    func name(of number: UInt32) -> [UInt8]? {
        if let known = names.withLock({ $0[number] }) { return known }
        var buffer = [CChar](repeating: 0, count: Self.longestName)
        let length =
            database == .users
            ? ts_user_name(number, &buffer, buffer.count) : ts_group_name(number, &buffer, buffer.count)
        let name: [UInt8]? = length < 0 ? nil : buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }
        names.withLock { $0[number] = .some(name) }
        return name
    }

    /// `nil` where nobody has the name. The C functions are `getpwnam_r` and `getgrnam_r`.
    static func number(of name: [UInt8], in database: IdentityMap.Database) -> UInt32? {
        let text = terminated(name)
        let number = database == .users ? ts_user_number(text) : ts_group_number(text)
        return number < 0 ? nil : UInt32(truncatingIfNeeded: number)
    }
}
