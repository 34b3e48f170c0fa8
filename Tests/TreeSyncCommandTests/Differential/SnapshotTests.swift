import Foundation
import Testing
import TreeTesting

@testable import TreeSyncCommand

/// Snapshots that share what has not changed, as people make them every hour.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct SnapshotTests {
    /// Ten hours of a tree that changes, each linked to the one before: the same entries, and the same names of one
    /// inode across all ten, as rsync makes them.
    @Test(arguments: ["-a", "-aH", "-aAX"]) func aRotationSharesWhatRsyncShares(options: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir source rsync ours\n" + Self.beginning, in: folder)
            for hour in 1...10 {
                try shell(Self.change(hour), in: folder)
                for (program, place) in [(Tool.rsync.path, "rsync"), (treesync, "ours")] {
                    var words = [options, "--delete", "../source/", "hour.\(hour)"]
                    if hour > 1 { words.insert("--link-dest=../hour.\(hour - 1)", at: 1) }
                    let ending = try run(program, words, in: folder + "/" + place)
                    #expect(ending.status == 0, "\(program) hour \(hour): \(ending.errors)")
                }
            }
            // The folder itself has the time of its last snapshot.
            let found = try differences(folder + "/rsync", folder + "/ours", in: .all.subtracting(.allocation))
            #expect(found.filter { !("\($0.path)".isEmpty && $0.property == "modified") } == [])
        }
    }

    private static let beginning = """
        cd source; mkdir -p a/b/c d
        for number in {1..30}; do echo "file $number" > a/f$number; echo "deep $number" > a/b/c/g$number; done
        ln -s a/f1 link; mkfifo fifo; echo linked > d/h1; ln d/h1 d/h2; ln d/h1 a/h3; chmod 600 a/f3
        find . -exec touch -h -d '2020-01-01 01:01:01' {} +
        """

    /// Contents, permissions, names, kinds and links change, each in some of the hours.
    private static func change(_ hour: Int) -> String {
        """
        cd source; exec 2> /dev/null
        echo "hour \(hour)" > a/f\(hour); touch -d '2020-02-02 02:02:\(10 + hour)' a/f\(hour)
        chmod 6\(hour % 8)0 a/b/c/g\(hour); touch -h -d '2020-03-03 03:03:\(10 + hour)' a/b/c/g\(hour + 1)
        rm -rf a/f\(hour + 12); echo new > d/new\(hour); mv a/b/c/g\(hour + 15) d/moved\(hour)
        if (( \(hour) % 3 == 0 )); then ln -sfn a/f\(hour) link; rm -rf a/f\(hour + 13); mkdir a/f\(hour + 13); fi
        if (( \(hour) == 5 )); then rm d/h2; echo parted > d/h2; fi
        setfattr -n user.hour -v \(hour) a/b/c/g3; setfacl -m u:\(hour):r a/b/c/g4
        find . -newermt '2021-01-01' -exec touch -h -d '2020-04-04 04:04:\(10 + hour)' {} +
        """
    }
}
