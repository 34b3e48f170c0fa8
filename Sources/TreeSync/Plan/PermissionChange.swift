/// A change of permissions as in `chmod`, made to those of the source before anything is compared (rsync's `--chmod`).
///
/// Items are separated by commas: `u=rwx,go-w`, `F644`, `D+X`. `D` before an item limits it to directories, `F` to
/// everything else; `X` is `x` for directories and for what somebody may execute; `g=u` copies.
public struct PermissionChange: Sendable, Hashable {
    private var items: [Item] = []

    /// No change; further ones can be appended.
    public init() {}

    /// Parses a change; `nil` where the text is none.
    public init?(_ text: [UInt8]) {
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let item = Item(part) else { return nil }
            items.append(item)
        }
    }

    /// Whether nothing is changed.
    public var isEmpty: Bool { items.isEmpty }

    /// Makes another change after this one, as a further `--chmod` does.
    public mutating func append(_ other: PermissionChange) { items += other.items }

    /// The permissions, with set-id and sticky bits, that an entry of the source is taken to have.
    ///
    /// - Parameter umask: what items without `u`, `g`, `o` or `a` leave alone.
    func applied(to permissions: UInt16, isDirectory: Bool, umask: UInt16) -> UInt16 {
        let mayExecute = isDirectory || permissions & 0o111 != 0
        return items.reduce(permissions) { permissions, item in
            item.applies(toDirectory: isDirectory)
                ? item.change.applied(to: permissions, mayExecute: mayExecute, umask: umask) : permissions
        }
    }
}

extension PermissionChange {
    /// One item of the list.
    fileprivate struct Item: Sendable, Hashable {
        private enum Scope { case all, directories, others }

        private var scope = Scope.all
        var change: Change

        init?(_ text: ArraySlice<UInt8>) {
            var rest = text
            switch rest.first {
            case UInt8(ascii: "D"): scope = .directories
            case UInt8(ascii: "F"): scope = .others
            default: break
            }
            if scope != .all { rest.removeFirst() }
            guard let change = Change(rest) else { return nil }
            self.change = change
        }

        func applies(toDirectory isDirectory: Bool) -> Bool {
            switch scope {
            case .all: true
            case .directories: isDirectory
            case .others: !isDirectory
            }
        }
    }

    /// What an item does.
    fileprivate enum Change: Sendable, Hashable {
        case absolute(UInt16)
        case symbolic(Symbolic)

        init?(_ text: ArraySlice<UInt8>) {
            if text.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ?? false {
                guard let number = UInt16(String(decoding: text, as: UTF8.self), radix: 8), number <= 0o7777 else {
                    return nil
                }
                self = .absolute(number)
            } else {
                guard let symbolic = Symbolic(text) else { return nil }
                self = .symbolic(symbolic)
            }
        }

        func applied(to permissions: UInt16, mayExecute: Bool, umask: UInt16) -> UInt16 {
            switch self {
            case .absolute(let number): number
            case .symbolic(let change): change.applied(to: permissions, mayExecute: mayExecute, umask: umask)
            }
        }
    }

    /// `ugo+rwx` and its like.
    fileprivate struct Symbolic: Sendable, Hashable {
        private enum Operation: Sendable { case add, remove, set }
        private enum Value: Sendable, Hashable {
            /// Permissions as three bits, set-id, sticky, and `X`.
            case bits(UInt16, setID: Bool, sticky: Bool, ifExecutable: Bool)
            /// Those of the owner, the group or the others: how far they are shifted.
            case copy(from: UInt16)
        }

        /// Of the nine bits those of whom it is about; `nil` where nobody is named.
        private var who: UInt16?
        private let operation: Operation
        private let value: Value

        init?(_ text: ArraySlice<UInt8>) {
            guard let position = text.firstIndex(where: { Self.operations[$0] != nil }),
                let operation = Self.operations[text[position]]
            else { return nil }
            for letter in text[..<position] {
                guard let bits = Self.people[letter] else { return nil }
                who = (who ?? 0) | bits
            }
            guard let value = Self.value(text[(position + 1)...]) else { return nil }
            self.operation = operation
            self.value = value
        }

        private static let operations: [UInt8: Operation] = [
            UInt8(ascii: "+"): .add, UInt8(ascii: "-"): .remove, UInt8(ascii: "="): .set,
        ]
        private static let people: [UInt8: UInt16] = [
            UInt8(ascii: "u"): 0o700, UInt8(ascii: "g"): 0o070, UInt8(ascii: "o"): 0o007, UInt8(ascii: "a"): 0o777,
        ]
        private static let sources: [UInt8: UInt16] = [
            UInt8(ascii: "u"): 6, UInt8(ascii: "g"): 3, UInt8(ascii: "o"): 0,
        ]

        private static func value(_ letters: ArraySlice<UInt8>) -> Value? {
            if letters.count == 1, let letter = letters.first, let shift = sources[letter] { return .copy(from: shift) }
            var (bits, setID, sticky, ifExecutable) = (UInt16(0), false, false, false)
            for letter in letters {
                switch letter {
                case UInt8(ascii: "r"): bits |= 4
                case UInt8(ascii: "w"): bits |= 2
                case UInt8(ascii: "x"): bits |= 1
                case UInt8(ascii: "X"): ifExecutable = true
                case UInt8(ascii: "s"): setID = true
                case UInt8(ascii: "t"): sticky = true
                default: return nil
                }
            }
            return .bits(bits, setID: setID, sticky: sticky, ifExecutable: ifExecutable)
        }

        func applied(to permissions: UInt16, mayExecute: Bool, umask: UInt16) -> UInt16 {
            let changed = bits(permissions, mayExecute: mayExecute, umask: umask)
            switch operation {
            case .add: return permissions | changed
            case .remove: return permissions & ~changed
            case .set: return permissions & ~cleared | changed
            }
        }

        /// What `=` takes away: copying takes set-id and sticky bits too.
        private var cleared: UInt16 {
            let people = who ?? 0o777
            guard case .copy = value else { return people }
            let special: [(UInt16, UInt16)] = [(0o700, 0o4000), (0o070, 0o2000), (0o007, 0o1000)]
            return special.reduce(people) { people & $1.0 != 0 ? $0 | $1.1 : $0 }
        }

        private func bits(_ permissions: UInt16, mayExecute: Bool, umask: UInt16) -> UInt16 {
            let people = who ?? 0o777 & ~umask
            switch value {
            case .copy(let shift): return (permissions >> shift & 7) * 0o111 & people
            case .bits(let bits, let setID, let sticky, let ifExecutable):
                let execute: UInt16 = ifExecutable ? (mayExecute ? 1 : 0) : bits & 1
                var result = (bits & 6 | execute) * 0o111 & people
                if setID { result |= setIDBits }
                if sticky { result |= 0o1000 }
                return result
            }
        }

        /// The group's bit for the group, the user's for everybody else, also for the others alone and for nobody.
        private var setIDBits: UInt16 {
            guard let who else { return 0o4000 }
            let isGroup = who & 0o070 != 0
            return (isGroup ? 0o2000 : 0) | (who & 0o700 != 0 || !isGroup ? 0o4000 : 0)
        }
    }
}
