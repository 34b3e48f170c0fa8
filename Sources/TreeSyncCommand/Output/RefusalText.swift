import TreeSync

extension GuardRefusal {
    /// What was refused, why, and what allows it.
    func sentence(isDryRun: Bool, style: Presentation.NumberStyle) -> String {
        (isDryRun ? "nothing would be deleted: " : "nothing was deleted: ") + reason(style: style)
    }

    /// Why, and what allows it.
    func reason(style: Presentation.NumberStyle) -> String {
        switch self {
        case .emptySource:
            return "the source is empty and the destination is not (is the source mounted?); "
                + "--allow-empty-source empties the destination"
        case .deletionLimit(let planned, let allowed):
            let entries = planned == 1 ? "1 entry is" : "\(style.count(planned)) entries are"
            return "\(entries) to be deleted, and --max-delete allows \(style.count(allowed)); "
                + "a larger --max-delete, or none, deletes them"
        case .sourceErrors:
            return "parts of the source could not be read and would look as if they were gone; "
                + "--ignore-errors deletes all the same"
        case .noSourceMarker(let name):
            return "the source does not hold \"\(name)\" (is it mounted?); "
                + "without --source-marker that does not matter"
        case .unmounted(let path):
            return "\"\(path)\" is a mount point of /etc/fstab, and nothing is mounted there; "
                + "mount it, or --allow-unmounted deletes all the same"
        }
    }
}
