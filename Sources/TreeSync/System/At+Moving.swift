import CLinux
internal import SystemPackage

extension At {
    /// Moves an entry to a name in another directory where nothing has it; EEXIST where something has. The C function
    /// is `renameat2` with `RENAME_NOREPLACE`.
    func move(_ name: CName, to new: CName, in directory: At) throws(Errno) {
        do {
            try kernel { ts_renameat2(raw, name, directory.raw, new, ts_RENAME_NOREPLACE) }
        } catch {
            guard error == .invalidArgument || error == .noFunction else { throw error }
            // Race: as in `renameNew`.
            if try directory.exists(new) { throw Errno.fileExists }
            try kernel { ts_renameat2(raw, name, directory.raw, new, 0) }
        }
    }

    /// Opens a directory that the user named, relative to this one, and follows links: no other than `openRoot` does.
    func openNamed(_ path: CName) throws(Errno) -> Int32 {
        Int32(try kernel { ts_openat(raw, path, ts_O_RDONLY | ts_O_DIRECTORY, 0) })
    }
}
