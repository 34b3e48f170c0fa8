import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// A source that cannot be read completely deletes nothing.
@Suite struct SourceFailureTests {
    /// A closed directory in the source, extras in the destination, and a copy of what is behind the closed door.
    private static func mirror(in folder: String, options: Options) throws -> Mirror {
        let closed = Attributes(permissions: 0)
        let source = Tree.directory([
            "closed": .directory(["inner": .file("inner")], closed), "open": .directory(["f": .file("new")]),
            "file": .file("text"),
        ])
        let destination = Tree.directory([
            "closed": .directory(["inner": .file("inner")]), "open": .directory(["extra": .file("extra")]),
            "extra": .directory(["deep": .fifo()]),
        ])
        return try Mirror(in: folder, source, destination, options: options)
    }

    @Test(arguments: widths) func deletesNothing(jobs: Int) async throws {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            asUnprivileged {
                for time in [Options.DeletionTime.before, .during, .after] {
                    try withTemporaryDirectory { folder in
                        let mirror = try SourceFailureTests.mirror(in: folder, options: .deleting(time))
                        let run = try mirror.run(jobs: jobs)
                        let problem = try #require(run.problems(at: "closed").first)
                        #expect(problem.isSourceFailure && problem.severity == .error)
                        #expect(problem.errno == .permissionDenied)
                        #expect(run.report.refusal == .sourceErrors)
                        #expect(!run.report.succeeded)
                        // Deletion during the walk may have deleted elsewhere before it met the closed door.
                        let extras: [Name] = time == .during ? [] : ["open/extra", "extra/deep"]
                        let left = try Snapshot(of: mirror.destination)
                        for path in ["closed/inner", "open/f", "file"] + extras {
                            #expect(left.contains(path), "\(path), deletion \(time), jobs \(jobs)")
                        }
                        if time != .during { #expect(run.report.statistics.deleted.total == 0) }
                    }
                }
            }
        }
    }

    @Test(arguments: widths) func deletesDespiteErrors(jobs: Int) async throws {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            asUnprivileged {
                try withTemporaryDirectory { folder in
                    let options = Options.deleting().with { $0.deletesDespiteErrors = true }
                    let mirror = try SourceFailureTests.mirror(in: folder, options: options)
                    let run = try mirror.run(jobs: jobs)
                    #expect(run.report.refusal == nil)
                    #expect(!run.report.succeeded)
                    #expect(!entryExists(at: mirror.destination + "/extra"))
                    #expect(!entryExists(at: mirror.destination + "/open/extra"))
                    #expect(entryExists(at: mirror.destination + "/open/f"))
                }
            }
        }
    }

    /// A file that cannot be read is a problem of its own; the old version stays, and so does everything else.
    @Test(arguments: widths) func keepsTheOldVersionOfAnUnreadableFile(jobs: Int) async throws {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            asUnprivileged {
                try withTemporaryDirectory { folder in
                    let source = Tree.directory(["f": .file("secret", Attributes(permissions: 0)), "g": .file("g")])
                    let destination = Tree.directory(["f": .file("old"), "extra": .file("extra")])
                    let mirror = try Mirror(in: folder, source, destination)
                    let run = try mirror.run(jobs: jobs)
                    let problem = try #require(run.problems(at: "f").first)
                    #expect(problem.isSourceFailure)
                    #expect(problem.errno == .permissionDenied)
                    let names = try differences(mirror.source, mirror.destination).filter { $0.property == "name" }
                    #expect(names.allSatisfy { $0.left == "missing" }, "\(names)")
                    #expect(try String(contentsOfFile: mirror.destination + "/f", encoding: .utf8) == "old")
                    #expect(entryExists(at: mirror.destination + "/g"))
                }
            }
        }
    }
}
