import Testing

@testable import TreeSyncCommand

/// `--stop-at`: the next point in time that agrees with what is there, as rsync's manual has it.
@Suite struct StopTimeTests {
    @Test(
        arguments: [
            ("2030-12-31T23:59", [2030, 12, 31, 23, 59]), ("30/1/2", [2030, 1, 2, nil, nil]),
            ("1-30", [nil, 1, 30, nil, nil]),
            ("31", [nil, nil, 31, nil, nil]), ("14:00", [nil, nil, nil, 14, 0]), (":59", [nil, nil, nil, nil, 59]),
            ("T7", [nil, nil, nil, 7, nil]), ("1T2:3", [nil, nil, 1, 2, 3]),
        ] as [(String, [Int?])])
    func parts(text: String, expected: [Int?]) throws {
        let time = try #require(StopTime(text))
        #expect([time.year, time.month, time.day, time.hour, time.minute] == expected)
    }

    @Test(arguments: [
        "", "x", "2030-13-01", "2030-12-32", "T24:00", ":60", "1-2-3-4", "2030-1-1 1:1", "T1:2:3", "--", "-1",
    ])
    func wrong(text: String) { #expect(StopTime(text) == nil) }

    /// In UTC, which tests run in: from 2026-01-31 12:30.
    @Test(
        arguments: [
            ("1-30", "2027-01-30 00:00"), ("14:00", "2026-01-31 14:00"), ("12:00", "2026-02-01 12:00"),
            (":59", "2026-01-31 12:59"), (":29", "2026-01-31 13:29"), ("31", "2026-03-31 00:00"),
            ("1", "2026-02-01 00:00"),
            ("2-29", "2028-02-29 00:00"), ("2026-02-29", nil), ("2025-12-31", nil), ("26-2-1T3:4", "2026-02-01 03:04"),
            ("T12:30", "2026-02-01 12:30"),
        ] as [(String, String?)])
    func next(text: String, expected: String?) throws {
        let now = try seconds("2026-01-31 12:30")
        #expect(try StopTime(text)?.next(after: now) == expected.map { try seconds($0) })
    }

    private func seconds(_ text: String) throws -> Int64 {
        try #require(Int64(shell("date -d '\(text)' +%s", in: "/").dropLast()))
    }
}
