import SystemPackage
import TreeSync

extension Request {
    /// Opens and checks the batch that is to be applied; `nil` where none is.
    func openBatch() throws(BatchError) -> Batch? {
        guard case .read(let file) = batch else { return nil }
        let folder = filePath(environment("TMPDIR") ?? Array("/var/tmp".utf8))
        let descriptor: Int32
        do throws(Errno) { descriptor = try openInput(file, options.links) } catch {
            throw .unreadable(filePath(file), error)
        }
        return try Batch(owning: descriptor, named: filePath(file), copyingTo: folder)
    }

    /// The same, with what a batch keeps of entries in the place of what the command line says.
    func keeping(_ batch: Batch?) -> Request {
        guard let batch else { return self }
        var request = self
        request.options.preserved = batch.preserved
        (request.options.recursive, request.options.copiesDirectories) = (true, true)
        return request
    }

    /// The script beside a batch that was written completely.
    ///
    /// - Returns: what went wrong, as a sentence.
    func writeScript(_ report: Report) -> String? {
        let file: [UInt8]
        switch batch {
        case .write(let path), .onlyWrite(let path): file = path
        case .read, nil: return nil
        }
        let isMissing = report.problems.contains { $0.first.operation == .writeBatch }
        if isMissing || isDryRun || (report.isCancelled && records) { return nil }
        let script = BatchScript(batch: file, destination: destination.bytes, options: scriptOptions)
        do throws(Errno) { try script.write(options.links) } catch {
            return "cannot write \"\(printable(file)).sh\": \(error)"
        }
        return nil
    }

    /// Whether the run is recorded in the place of being made.
    var records: Bool {
        if case .onlyWrite = batch { return true }
        return false
    }
}
