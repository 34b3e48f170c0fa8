import Testing
import TreeTesting

@testable import TreeSyncCommand

/// What the umask takes away even from the owner is missing in the end, not while a directory is filled.
@Suite(.enabled(if: !isRoot, "root works in any directory")) struct UmaskTests {
    @Test(arguments: ["0277", "0377", "077"]) func closesDirectories(_ mask: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir -p src/dir/deep; touch src/dir/f src/dir/deep/g", in: folder)
            try shell("umask \(mask); mkdir made; \(treesync) -rt src/ new", in: folder)
            let modes = try shell(
                "stat -c %a made new; chmod u+rwx new; stat -c %a new/dir; chmod -R u+rwx .", in: folder
            ).split(separator: "\n")
            #expect(Set(modes).count == 1 && modes.count == 3, "\(modes)")
            #expect(try shell("cd new; find . -type f | sort", in: folder) == "./dir/deep/g\n./dir/f\n")
        }
    }
}
