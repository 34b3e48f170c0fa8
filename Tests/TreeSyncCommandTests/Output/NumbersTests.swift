import Testing

@testable import TreeSyncCommand

/// Sizes as `rsync -rn --stats` 3.5.0 writes them for a sparse file of each size.
@Suite struct NumbersTests {
    @Test(
        arguments: [
            (0, "0", "0", "0", "0"),
            (999, "999", "999", "999", "999"),
            (1000, "1000", "1,000", "1.00K", "1,000"),
            (1023, "1023", "1,023", "1.02K", "1,023"),
            (1024, "1024", "1,024", "1.02K", "1.00K"),
            (9994, "9994", "9,994", "9.99K", "9.76K"),
            (9995, "9995", "9,995", "9.99K", "9.76K"),
            (9999, "9999", "9,999", "10.00K", "9.76K"),
            (99999, "99999", "99,999", "100.00K", "97.66K"),
            (123456, "123456", "123,456", "123.46K", "120.56K"),
            (999_995, "999995", "999,995", "1000.00K", "976.56K"),
            (1_000_000, "1000000", "1,000,000", "1.00M", "976.56K"),
            (1_048_576, "1048576", "1,048,576", "1.05M", "1.00M"),
            (1_234_567_890, "1234567890", "1,234,567,890", "1.23G", "1.15G"),
            (1_000_000_000_000, "1000000000000", "1,000,000,000,000", "1.00T", "931.32G"),
            (1_099_511_627_776, "1099511627776", "1,099,511,627,776", "1.10T", "1.00T"),
        ] as [(Int64, String, String, String, String)])
    func bytes(number: Int64, digits: String, grouped: String, thousands: String, binary: String) {
        #expect(Presentation.NumberStyle.digits.bytes(number) == digits)
        #expect(Presentation.NumberStyle.grouped.bytes(number) == grouped)
        #expect(Presentation.NumberStyle.thousands.bytes(number) == thousands)
        #expect(Presentation.NumberStyle.binary.bytes(number) == binary)
    }

    /// rsync writes counts in full whatever the level.
    @Test func counts() {
        #expect(Presentation.NumberStyle.digits.count(1500) == "1500")
        #expect(Presentation.NumberStyle.grouped.count(1500) == "1,500")
        #expect(Presentation.NumberStyle.thousands.count(1500) == "1,500")
        #expect(Presentation.NumberStyle.binary.count(1500) == "1,500")
    }

    @Test func ratios() {
        #expect(Presentation.NumberStyle.grouped.ratio(0.125) == "0.12")
        #expect(Presentation.NumberStyle.grouped.ratio(1234.5) == "1,234.50")
        #expect(Presentation.NumberStyle.digits.ratio(1234.5) == "1234.50")
    }
}
