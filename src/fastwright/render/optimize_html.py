"""The report of `optimize` as one HTML file: no script, no network, readable in print and without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from fastwright import __version__
from fastwright.measure.comparing import told
from fastwright.measure.fixes import by_hand
from fastwright.measure.report import Bar, EndpointGrowth, Undriven, Waterfall
from fastwright.measure.sentences import sentence, sentences
from fastwright.render.optimize import ANSWERS, notes_of, spent
from fastwright.verbs.optimize import OptimizeResult

_STYLE = """
:root{--ink:#1d2433;--soft:#5c6678;--line:#d9dee7;--bad:#b3372b;--good:#1f7a4d;--bar:#4a78b5;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9f0;--soft:#9aa4b5;--line:#38404e;--bad:#ef8074;--good:#6cc79a;
--bar:#7fa8dc;--paper:#161a22}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;
padding:0 1rem}ul{padding-left:1.2rem}li{margin:.4rem 0}summary{cursor:pointer;padding:.2rem 0}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2.2rem}p,li{max-width:48rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem .35rem 0;
border-bottom:1px solid var(--line);vertical-align:top}td.n,th.n{text-align:right;white-space:nowrap}
code,pre{font:.85rem/1.45 ui-monospace,monospace}li,td{overflow-wrap:anywhere}
.wide{overflow-x:auto}td:first-child{min-width:9rem}td:last-child{min-width:15rem}
pre{overflow-x:auto;border:1px solid var(--line);padding:.8rem}
.soft{color:var(--soft)}.bad{color:var(--bad)}.good{color:var(--good)}svg{width:100%;height:auto;display:block}
svg text{font:12px system-ui,sans-serif;fill:var(--ink)}.grid{display:grid;gap:1rem 2rem;
grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}figure{margin:0}figcaption{font-size:.9rem}
"""
_WIDTH, _HEIGHT, _LEFT, _TOP = 280, 130, 36, 10


def optimize_as_html(result: OptimizeResult) -> str:
    """Return the whole document."""
    body = "\n".join(part for part in _parts(result) if part)
    title = "Statements per request"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{body}\n</body></html>\n"
    )


def _parts(result: OptimizeResult) -> Iterator[str]:
    rows = " and ".join(str(size) for size in (result.sizes[0], result.sizes[-1]))
    yield f"<p>{_text(_sentence(result.explanation.summary))}</p>"
    yield f'<p class="soft">Measured with {rows} rows of each kind, on a scratch database. Fastwright {__version__}</p>'
    growing = [one for one in result.endpoints if one.grows]
    if growing:
        yield "<h2>What grows</h2>" + _charts(growing) + _causes(growing)
    if result.left:
        items = [f"{sentence(one.cause)}. <b>Edit:</b> {one.advice}" for one in result.left]
        yield "<h2>Left to a person</h2>" + _list(items, marked=True)
    yield "<h2>All endpoints</h2>" + _table(result.endpoints)
    if result.waterfalls:
        yield "<h2>The slowest requests, statement by statement</h2>" + "".join(map(_waterfall, result.waterfalls))
    if result.proof.steps:
        steps = [f"<b>{_text(one.title)}</b> {one.status}: {_text(one.evidence)}" for one in result.proof.steps]
        yield "<h2>How it was proven</h2>" + _list(steps, raw=True)
    if result.diff:
        yield f"<h2>The change</h2><pre>{_text(result.diff)}</pre>"
    if result.undriven:
        yield "<h2>Not measured</h2>" + _list([_undriven(one) for one in result.undriven])


def _undriven(one: Undriven) -> str:
    return "; ".join((f"{one.method} {one.path}: {one.reason}", *map(sentence, notes_of(one))))


def _charts(endpoints: Sequence[EndpointGrowth]) -> str:
    figures = [
        f"<figure>{_chart(one)}<figcaption><b>{_text(one.method)}</b> {_text(one.path)}</figcaption></figure>"
        for one in endpoints
    ]
    return f'<div class="grid">{"".join(figures)}</div>'


def _chart(one: EndpointGrowth) -> str:
    """Return the statements against the rows: a line before, and one after."""
    most = max(*one.queries.values(), *(one.after or {}).values(), 1)
    sizes = sorted(one.queries)
    shown = f"{one.method} {one.path}: {told(one.queries)}" + (f", now {told(one.after)}" if one.after else "")
    marks = "".join(
        f'<text x="{_x(size, sizes)}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{size} rows</text>'
        for size in (sizes[0], sizes[-1])
    )
    frame = f'<path d="M{_LEFT} {_TOP}V{_TOP + _HEIGHT}H{_LEFT + _WIDTH}" fill="none" stroke="var(--line)"/>'
    after = _line(one.after, most, "var(--good)") if one.after else ""
    width, height = _LEFT + _WIDTH + 44, _TOP + _HEIGHT + 24
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{_text(shown)}">{frame}{marks}'
        f"{_line(one.queries, most, 'var(--bad)', dashed=True)}{after}</svg>"
    )


def _line(counts: dict[int, int], most: int, colour: str, *, dashed: bool = False) -> str:
    sizes = sorted(counts)
    points = [(_x(size, sizes), _TOP + _HEIGHT * (1 - counts[size] / most)) for size in sizes]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
    end_x, end_y = points[-1]
    label = f'<text x="{end_x + 6:.1f}" y="{end_y + 4:.1f}">{counts[sizes[-1]]}</text>'
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>{dots}{label}'


def _x(size: int, sizes: Sequence[int]) -> float:
    reach = max(sizes) - min(sizes) or 1
    return _LEFT + 24 + (_WIDTH - 48) * (size - min(sizes)) / reach


def _causes(endpoints: Sequence[EndpointGrowth]) -> str:
    items = [
        f"<b>{_text(one.method)} {_text(one.path)}</b>: {_text('; '.join(sentences(one.causes)) or 'why is not known')}"
        + (f'<br><span class="good">{_text(_sentence(one.fix))}</span>' if one.fix else "")
        for one in endpoints
    ]
    legend = '<p class="soft">Dashed: before. Solid: after.</p>' if any(one.after for one in endpoints) else ""
    return legend + _list(items, raw=True)


def _table(endpoints: Sequence[EndpointGrowth]) -> str:
    rows = "".join(map(_row, sorted(endpoints, key=lambda one: (not one.grows, -(one.seconds or 0)))))
    heads = "".join(
        f'<th class="{kind}">{name}</th>'
        for name, kind in (
            ("Endpoint", ""),
            ("Before", "n"),
            ("After", "n"),
            ("Answer", ""),
            ("Time", "n"),
            ("Where the time goes, and what else was seen", ""),
        )
    )
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(one: EndpointGrowth) -> str:
    kind = "bad" if one.growth != "constant" else ""
    notes = "".join(f"<br>{_text(f'{sentence(note)}: {by_hand(note)}')}" for note in notes_of(one))
    time = f"{one.seconds * 1000:.1f} ms" if one.seconds else ""
    if one.seconds_after and one.seconds:
        time += f"<br>{one.seconds_after * 1000:.1f} ms"
    return (
        f"<tr><td><b>{_text(one.method)}</b> {_text(one.path)}</td>"
        f'<td class="n {kind}">{told(one.queries)}</td><td class="n">{told(one.after) if one.after else ""}</td>'
        f"<td>{ANSWERS[one.response] if one.response else ''}</td>"
        f'<td class="n">{time}</td><td class="soft">{_text(spent(one)) if one.spent else ""}{notes}</td></tr>'
    )


def _waterfall(fall: Waterfall) -> str:
    more = f'<p class="soft">and {fall.hidden} more statements</p>' if fall.hidden else ""
    name = f"<b>{_text(fall.method)}</b> {_text(fall.path)}"
    before = (
        f"<details><summary>{name}: {len(fall.before) + fall.hidden} statements</summary>{_bars(fall.before)}{more}"
    )
    after = f"<p>After the change: {len(fall.after)}</p>{_bars(fall.after)}" if fall.after is not None else ""
    return f"{before}{after}</details>"


def _bars(bars: Sequence[Bar]) -> str:
    """Return a row for each statement, placed by when it began, with the line of the app that it comes from."""
    whole = max((bar.start + bar.seconds for bar in bars), default=0.0) or 1.0
    rows: list[str] = []
    for number, bar in enumerate(bars):
        y = number * 18
        x, width = 420 + 420 * bar.start / whole, max(420 * bar.seconds / whole, 1.5)
        rows.append(
            f"<g><title>{_text(bar.sql)}</title>"
            f'<text x="0" y="{y + 12}">{_text(_short(bar.site, 30))}</text>'
            f'<text x="190" y="{y + 12}">{_text(_short(_verb(bar.sql), 34))}</text>'
            f'<rect x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="11" fill="var(--bar)"/></g>'
        )
    height = len(bars) * 18 + 4
    return f'<svg viewBox="0 0 860 {height}" role="img" aria-label="statements over time">{"".join(rows)}</svg>'


def _verb(sql: str) -> str:
    """Return what a statement does and with which table: `SELECT … items`."""
    words = sql.split()
    upper = [word.upper() for word in words]
    table = next((words[at + 1] for at, word in enumerate(upper[:-1]) if word in {"FROM", "INTO", "UPDATE"}), "")
    return f"{upper[0]} … {table}" if table and words else sql


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"…{text[1 - length :]}"


def _list(items: Sequence[str], *, raw: bool = False, marked: bool = False) -> str:
    made = [item if raw else _text(item) for item in items]
    if marked:  # the one mark that these have
        made = [item.replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>") for item in made]
    return "<ul>" + "".join(f"<li>{item}</li>" for item in made) + "</ul>"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(text: str) -> str:
    return escape(text, quote=True)
