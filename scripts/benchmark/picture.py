"""How cost grows, as a picture (SVG): microseconds per entry over the number of entries."""

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 320, 60, 130, 20, 50
COLOURS = ["#0b6e4f", "#b5472f", "#31558c"]


def render(rows):
    """Lines of the rows that have a number of entries, one for each kind of work."""
    lines = {}
    for row in rows:
        seconds = row.value("treesync")
        if row.case.entries and seconds is not None:
            work = row.case.title.split(",")[0]
            lines.setdefault(work, []).append((row.case.entries, seconds / row.case.entries * 1e6))
    counts = sorted({count for points in lines.values() for count, _ in points})
    highest = max(cost for points in lines.values() for _, cost in points) * 1.15

    def place(count, cost):
        column = LEFT + counts.index(count) * (WIDTH - LEFT - RIGHT) / max(1, len(counts) - 1)
        return column, HEIGHT - BOTTOM - cost / highest * (HEIGHT - TOP - BOTTOM)

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">'
        % (WIDTH, HEIGHT),
        '<rect width="100%" height="100%" fill="white"/>',
        _line(LEFT, TOP, LEFT, HEIGHT - BOTTOM), _line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM),
        _text(LEFT, TOP - 6, "µs per entry"), _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "entries", "middle"),
    ]
    for count in counts:
        parts.append(_text(place(count, 0)[0], HEIGHT - BOTTOM + 18, format(count, ","), "middle"))
    for part in range(5):
        cost = highest * part / 4
        parts.append(_text(LEFT - 6, place(counts[0], cost)[1] + 4, "%.1f" % cost, "end"))
    for colour, (work, points) in zip(COLOURS, sorted(lines.items())):
        places = [place(*point) for point in sorted(points)]
        parts.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' % (
            colour, " ".join("%.1f,%.1f" % point for point in places)))
        parts += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (*point, colour) for point in places]
        parts.append('<text x="%.1f" y="%.1f" fill="%s">%s</text>' % (
            places[-1][0] + 8, places[-1][1] + 4, colour, work))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _line(*ends):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="black"/>' % ends


def _text(x, y, text, anchor="start"):
    return '<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>' % (x, y, anchor, text)
