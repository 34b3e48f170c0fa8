import Foundation
import TreeTesting

/// What the scripts of `DifferentialTrees` make: once in a process, to be copied for each case.
enum TreeTemplates {
    private static let made = Guarded<[DifferentialCase.Trees: Result<String, any Error>]>([:])

    /// The folder that holds the trees; nobody changes it.
    private static func folder(of trees: DifferentialCase.Trees) throws -> String {
        try made.withLock { made in
            if let folder = made[trees] { return try folder.get() }
            // What failed once would fail again, and say that the folder is there.
            let folder = Result {
                let folder = try sharedFolder() + "/" + trees.rawValue
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
                try shell(DifferentialTrees.script(trees), in: folder)
                return folder
            }
            made[trees] = folder
            return try folder.get()
        }
    }

    /// Copies the trees to `rsync` and `ours` in a folder.
    ///
    /// - Parameter change: a script that changes the first of them before it is copied.
    static func copy(_ trees: DifferentialCase.Trees, to folder: String, change: String = ":") throws {
        let template = try Self.folder(of: trees)
        try shell("umask 022; cp -a \(template) rsync; cd rsync; \(change)\ncd ..; cp -a rsync ours", in: folder)
    }
}
