"""The table at the end, in Markdown."""

RATIOS = [  # Heading, above the line, below the line.
    ("rsync ÷ treesync", ("rsync -a", "rsync -aAX"), ("treesync",)),
    ("cp, rm ÷ treesync", ("cp -a", "rm -rf"), ("treesync",)),
    ("treesync ÷ floor", ("treesync",), ("floor",)),
]
COLUMNS = ["treesync", "rsync -a", "rsync -aAX", "cp -a", "rm -rf", "floor"]


def render(rows):
    grown = [row for row in rows if row.case.entries]
    return "\n\n".join(part for part in (_comparison([row for row in rows if row not in grown]), _growth(grown)) if part)


def _growth(rows):
    """What one entry costs, and the memory, in trees of different sizes."""
    if not rows:
        return ""
    lines = ["| work | seconds | microseconds per entry | peak memory |", "| --- | ---: | ---: | ---: |"]
    for row in rows:
        seconds = row.value("treesync")
        peak = max((run.kibibytes for run in row.runs["treesync"]), default=0)
        if seconds is not None:
            lines.append("| %s | %.3f | %.2f | %.1f MiB |" % (
                row.case.title, seconds, seconds / row.case.entries * 1e6, peak / 1024))
    return "\n".join(lines)


def _comparison(rows):
    if not rows:
        return ""
    lines = [["scenario", *COLUMNS, *[heading for heading, _, _ in RATIOS]]]
    lines.append(["---"] + ["---:"] * (len(lines[0]) - 1))
    for row in rows:
        cells = [row.case.title]
        cells += [_cell(row, column) for column in COLUMNS]
        cells += [_ratio(row, above, below) for _, above, below in RATIOS]
        lines.append(cells)
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return text + "\n\nMedians (minima), and ratios of medians (of minima)."


def _cell(row, column):
    if column in row.failures:
        return row.failures[column]
    if row.value(column) is None:
        return ""
    median, least = row.value(column), row.value(column, min)
    text = _amount(row, median)
    return text if median == least else "%s (%s)" % (text, _amount(row, least))


def _amount(row, value):
    if row.case.quantity == "peak":
        return "%.1f MiB" % (value / 1024)
    return "%.2f s" % value if value >= 1 else "%.1f ms" % (value * 1000)


def _ratio(row, above, below):
    for first in above:
        for second in below:
            if row.ratio(first, second) is not None:
                return "%.2f (%.2f)" % (row.ratio(first, second), row.ratio(first, second, min))
    return ""
