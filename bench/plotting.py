"""A line plot as SVG, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10

__all__ = ["line_plot"]

_WIDTH, _HEIGHT, _MARGIN = 640, 360, 60
_COLOURS = ("#b3261e", "#e58a84", "#1a5fb4", "#8ab4e8", "#2e7d32", "#8d6e00", "#6a3d9a", "#555555")
# Room for a line's name at its end, and between two names.
_NAME, _LINE = 150, 14


def line_plot(lines: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str) -> str:
    """Each line's points (x, y), all above 0, under its name; at most as many lines as there are colours."""
    if len(lines) > len(_COLOURS):
        raise ValueError(f"{len(lines)} lines, {len(_COLOURS)} colours")
    xs = [log10(x) for points in lines.values() for x, _ in points]
    ys = [log10(y) for points in lines.values() for _, y in points]
    left, right, low, high = min(xs), max(xs), int(min(ys) // 1), int(-(-max(ys) // 1))

    def place(x: float, y: float) -> tuple[float, float]:
        along = (log10(x) - left) / max(right - left, 1e-9)
        above = (log10(y) - low) / max(high - low, 1)
        return _MARGIN + along * (_WIDTH - _MARGIN - _NAME), _HEIGHT - _MARGIN - above * (_HEIGHT - 1.5 * _MARGIN)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for power in range(low, high + 1):
        x, y = place(10**left, 10**power)
        parts.append(f'<line x1="{x:.0f}" x2="{_WIDTH - _NAME:.0f}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8:.0f}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g}</text>')
    for value in sorted({x for points in lines.values() for x, _ in points}):
        x, y = place(value, 10**low)
        parts.append(f'<text x="{x:.0f}" y="{y + 18:.0f}" text-anchor="middle">{value:,.0f}</text>')
    free = 0.0  # below the names that stand already
    for colour, (name, points) in sorted(
        zip(_COLOURS, lines.items(), strict=False), key=lambda line: -line[1][1][-1][1]
    ):
        spots = [place(*point) for point in points]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        x, y = spots[-1]
        free = max(free, y + 4)
        parts.append(f'<text x="{x + 6:.0f}" y="{free:.0f}" fill="{colour}">{name}</text>')
        free += _LINE
    parts.append(f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT - 12}" text-anchor="middle">{across}</text>')
    parts.append(f'<text x="14" y="{_HEIGHT / 2:.0f}" transform="rotate(-90 14 {_HEIGHT / 2:.0f})">{up}</text></svg>')
    return "\n".join(parts) + "\n"
