import Glibc
import SystemPackage
import TreeSync

/// The script beside a batch that applies it.
struct BatchScript {
    /// Options that mean the same where the batch is applied. The others chose what it holds.
    private static let kept: Set<OptionKey> = [
        .wholeFile, .inPlace, .blockSize, .preallocate, .partial, .partialDirectory, .temporaryDirectory,
        .delayUpdates, .sparse, .deleteBefore, .deleteDuring, .deleteAfter, .deleteDelay, .maxDelete, .ignoreErrors,
        .force, .backup, .backupDirectory, .suffix, .copyDestination, .linkDestination, .keepDirectoryLinks,
        .insecureLinks, .makePath, .numericIDs, .superUser, .fakeSuper, .modifyWindow, .fsync, .durability,
        .bandwidthLimit, .jobs,
        .verbose, .quiet, .itemize, .humanReadable, .stats, .info, .outFormat, .logFile, .logFileFormat,
        .eightBitOutput, .outputBuffering, .standardErrorMode, .messagesToStandardError, .color, .progress,
        .partialProgress,
    ]

    /// The options of a command line that belong into the script, as words of a shell.
    static func words(_ arguments: Arguments) -> [[UInt8]] {
        arguments.words.flatMap { word -> [[UInt8]] in
            guard case .option(let use) = word, isKept(use) else { return [] }
            let spelling = Array(use.spelling.utf8)
            guard let value = use.value else { return [spelling] }
            if spelling.starts(with: Array("--".utf8)) { return [spelling + Array("=".utf8) + value] }
            return [spelling, value]
        }
    }

    /// Of the options for the destination alone it is what the destination keeps; others have had their effect.
    private static func isKept(_ use: Arguments.OptionUse) -> Bool {
        kept.contains(use.key) || (use.key == .remoteOption && use.value == Array("--fake-super".utf8))
    }

    let batch: [UInt8]
    let destination: [UInt8]
    let options: [[UInt8]]

    /// The text: the first argument of the script is a destination in the place of the first one.
    var text: [UInt8] {
        let name = batch == [UInt8(ascii: "-")] ? Array("./-".utf8) : batch
        let words = options + [Array("--read-batch=".utf8) + name, Array("--".utf8)]
        return Array("#!/bin/sh\ndestination=".utf8) + Self.quoted(destination) + Array("\nexec ".utf8)
            + Self.quoted(Self.program)
            + words.flatMap { [UInt8(ascii: " ")] + Self.quoted($0) } + Array(" \"${1:-$destination}\"\n".utf8)
    }

    /// As it was called: by its name, or by a path, which is made absolute.
    private static var program: [UInt8] {
        let name = Array("treesync".utf8)
        guard let called = CommandLine.unsafeArgv[0], strchr(called, Int32(UInt8(ascii: "/"))) != nil,
            let resolved = realpath(called, nil)
        else { return name }
        defer { free(resolved) }
        return Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
    }

    /// Between single quotes a shell changes nothing; one of them stands between double quotes.
    private static func quoted(_ word: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "'")
        return [quote] + word.flatMap { $0 == quote ? Array("'\"'\"'".utf8) : [$0] } + [quote]
    }

    /// Writes `FILE.sh`, which its owner may execute.
    func write(_ links: Options.Links) throws(Errno) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_NONBLOCK
        let file = try links.openTyped(batch + Array(".sh".utf8), flags, permissions: 0o700)
        defer { close(file) }
        let output = Output(descriptor: file, buffering: .block)
        output.write(text)
        switch output.flush() {
        case .closed: throw .brokenPipe
        case .failed(let errno): throw errno
        case nil: break
        }
        if fchmod(file, 0o700) != 0 { throw Errno(rawValue: errno) }
    }
}
