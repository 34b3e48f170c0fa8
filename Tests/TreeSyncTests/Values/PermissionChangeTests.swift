import Foundation
import Testing
import TreeTesting

@testable import TreeSync

/// Permissions are changed as rsync's `--chmod` changes them.
@Suite struct PermissionChangeTests {
    private static let changes =
        """
        +w a+w u+s g=u o=g u=g,g=o D+s Dg+s,ug+w,Fo-w,+X D2775,F664 F664 0600 a=rX go= u=rwx,go-rwx Fu+x +x -w =r o+t +t \
        u+t a+s u=rwX +rwxXst g+u g-u Dugo=rwx Fa+x + = 64 00 u=,g= u=rwx g=r o=r =rx u-s -s -t o= o=u u= a= u+X =t =s \
        u=s g=s o=s a=s o+s g+t -X u-X a-x,a+X +g =g a=g -u +u F0644 D755 go+s uo+s gu-s u+st go=s o-s g-t +r u=o go=u \
        ug=o a+g o-g uu+x ugo+x u+rr u=r,u+w u+xX ua=r au+w u-g g=o a=u a-o =o -g +o ug+t D+t,F-t Du+s,Fg-s u+ D= Fo= \
        00755 D0002775,F00000640
        """.split(separator: " ").map(String.init)
    private static let refused = [
        "D-x+X", "DF+x", "FD-r", "g=u-w", "ug=rw+x", "ugo", "z+x", "12345", "8", "F", "", ",", "a+x,", "g=uw", "u=gg",
        "F=644", "D", "a+D", "g=us", "64x", "10755", "010000", "99999999999", "u+w,g+w o+w",
    ]
    private static let files: [(name: String, permissions: UInt16)] = [
        ("setid", 0o6644), ("all", 0o7755), ("group", 0o2611), ("sticky", 0o1040), ("plain", 0o644), ("none", 0),
    ]

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/rsync"), "compares with rsync"),
        .enabled(if: isRoot, "others cannot copy into directories that become unreadable"),
        arguments: [UInt16(0o022), 0o077, 0])
    func changesAsRsync(umask: UInt16) throws {
        try withTemporaryDirectory { folder in
            var entries: [Name: Tree] = [
                "directory": .directory([:], Attributes(permissions: 0o3750)),
                "open": .directory([:], Attributes(permissions: 0o755)),
            ]
            for file in Self.files {
                entries[Name(file.name.utf8)] = .file("", Attributes(permissions: UInt32(file.permissions)))
            }
            try Tree.directory(entries).build(at: folder + "/source")
            let script = Self.changes.enumerated().map { "rsync -a --chmod=\($1) source/ \($0)/" }.joined(
                separator: "\n")
            let mask = String(umask, radix: 8)
            let ending = try runProgram(["/bin/bash", "-c", "cd \(folder) && umask \(mask) && \(script)"])
            #expect(ending.status == 0)
            for (index, text) in Self.changes.enumerated() {
                let change = try #require(PermissionChange(Array(text.utf8)), "\(text)")
                let made = FileManager.default
                for (name, old, isDirectory) in Self.files.map({ ($0.name, $0.permissions, false) })
                    + [("directory", 0o3750, true), ("open", 0o755, true)]
                {
                    let path = "\(folder)/\(index)/\(name)"
                    let rsync = try #require(made.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
                    let ours = change.applied(to: old, isDirectory: isDirectory, umask: umask)
                    #expect(Int(ours) == rsync, "\(text) of \(name)")
                }
            }
        }
    }

    @Test(arguments: refused) func isNoChange(text: String) { #expect(PermissionChange(Array(text.utf8)) == nil) }
}
