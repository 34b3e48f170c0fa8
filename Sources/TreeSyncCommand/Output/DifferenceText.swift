import TreeSync

/// What differs between both sides of a path, with both values.
struct DifferenceText: Sendable {
    private let source: Explanation.Entry?
    private let destination: Explanation.Entry?
    private let attributes: [Explanation.AttributeDifference]
    private let style: Presentation.NumberStyle

    init(_ explanation: Explanation, _ style: Presentation.NumberStyle) {
        source = explanation.source
        destination = explanation.destination
        attributes = explanation.destination == nil ? [] : explanation.attributes
        self.style = style
    }

    /// A sentence for each difference, in a fixed order.
    func lines(_ differences: Differences) -> [String] {
        Self.order.filter(differences.contains).flatMap { difference in
            let details = attributes.filter { $0.isPart(of: difference) }
            return details.isEmpty ? [sentence(difference)] : details.map(sentence)
        }
    }

    private static let order: [Differences] = [
        .absent, .kind, .size, .content, .time, .timeOfCopy, .permissions, .owner, .group, .acl, .extendedAttributes,
        .accessTime, .hardLink,
    ]

    private func sentence(_ difference: Differences) -> String {
        switch difference {
        case .absent: "The destination has no such entry."
        case .kind: "Its kind differs" + values { _ in nil } + "."
        case .size: "Its size differs" + values { style.bytes($0.size) + ($0.size == 1 ? " byte" : " bytes") } + "."
        case .content: content
        case .time: "Its modification time differs" + values { LocalTime.precise($0.modified) } + "."
        case .timeOfCopy: timeOfCopy
        case .permissions: "Its permissions differ" + values { Permissions.letters($0.permissions) } + "."
        case .owner: "Its owner differs" + values { String($0.owner) } + "."
        case .group: "Its group differs" + values { String($0.group) } + "."
        case .acl: "Its ACLs differ."
        case .extendedAttributes: "Its extended attributes differ."
        case .accessTime: "Its access time differs" + values { $0.accessed.map(LocalTime.precise) ?? "unknown" } + "."
        case .hardLink: "It is not yet a name of the same file."
        default: ""
        }
    }

    private var content: String {
        switch source?.kind {
        case .symbolicLink: "It points elsewhere."
        case .characterDevice, .blockDevice: "It is another device."
        case .regular, .directory, .fifo, .socket, nil: "Its contents differ."
        }
    }

    /// The quick check looks at times that nobody keeps.
    private var timeOfCopy: String {
        let reason = "the new one will be that of the copy, because times are not kept (--times)."
        if source?.facts.modified == destination?.facts.modified { return "Of its times \(reason)" }
        return "Its modification time differs" + values { LocalTime.precise($0.modified) } + "; \(reason)"
    }

    /// Both values of something; without `value` the kinds.
    private func values(_ value: (EntryFacts) -> String?) -> String {
        guard let source, let destination else { return "" }
        let new = value(source.facts) ?? source.kind.noun
        let old = value(destination.facts) ?? destination.kind.noun
        return ": \(new) in the source, \(old) in the destination"
    }

    // MARK: Attributes

    /// Longer values say little to a reader.
    private static let longestValue = 40

    private func sentence(_ difference: Explanation.AttributeDifference) -> String {
        let (subject, text): (String, ([UInt8]) -> String) =
            switch difference.subject {
            case .attribute(let name): ("attribute \"\(printable(name))\"", quoted)
            case .accessControlList: ("ACL", printable)
            case .defaultAccessControlList: ("default ACL", printable)
            }
        let (new, old) = (said(difference.source, text), said(difference.destination, text))
        return "Its \(subject) differs: \(new) in the source, \(old) in the destination."
    }

    private func said(_ value: Explanation.AttributeDifference.Value, _ text: ([UInt8]) -> String) -> String {
        switch value {
        case .none: "none"
        case .unreadable: "one that cannot be read"
        case .bytes(let bytes): text(bytes)
        }
    }

    private func quoted(_ value: [UInt8]) -> String {
        value.count > Self.longestValue ? "\(style.bytes(Int64(value.count))) bytes" : "\"\(printable(value))\""
    }
}

extension Explanation.AttributeDifference {
    fileprivate func isPart(of difference: Differences) -> Bool {
        switch subject {
        case .attribute: difference == .extendedAttributes
        case .accessControlList, .defaultAccessControlList: difference == .acl
        }
    }
}
