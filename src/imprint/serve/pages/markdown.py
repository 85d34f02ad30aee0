"""The Markdown of docs/results.md as HTML: headings, paragraphs, lists, tables, pictures. All text is escaped."""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|!\[([^\]]*)\]\((plots/[\w.-]+)\)|\[([^\]]+)\]\([^)]*\)")
_HEADING = re.compile(r"(#{1,4}) (.+)")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")


def to_html(text: str, base: str) -> tuple[Markup, list[tuple[str, str]]]:
    """The page's HTML, and id and title of each of its sections. base: where pictures lie."""
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n", _COMMENT.sub("", text)) if block.strip()]
    contents: list[tuple[str, str]] = []
    parts = [part for lines in blocks for part in _block([line for line in lines if line.strip()], base, contents)]
    return Markup("\n").join(parts), contents


def _block(lines: Sequence[str], base: str, contents: list[tuple[str, str]]) -> Iterator[Markup]:
    heading = _HEADING.fullmatch(lines[0])
    if heading and len(heading[1]) > 1:
        id = f"part-{len(contents) + 1}"
        if len(heading[1]) == 2:
            contents.append((id, heading[2]))
        tag = Markup(f"h{len(heading[1])}")
        yield Markup('<{} id="{}">{}</{}>').format(tag, id, _inline(heading[2], base), tag)
    elif len(lines) > 1 and _RULE.fullmatch(lines[1].strip()):
        yield _table(lines, base)
    elif lines[0].startswith("- "):
        items = Markup("").join(Markup("<li>{}</li>").format(_inline(line[2:], base)) for line in lines)
        yield Markup("<ul>{}</ul>").format(items)
    elif not heading:
        yield Markup("<p>{}</p>").format(_inline(" ".join(lines), base))


def _table(lines: Sequence[str], base: str) -> Markup:
    head, _, *rows = ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines)
    titles = Markup("").join(Markup('<th scope="col">{}</th>').format(_inline(cell, base)) for cell in head)
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            _inline(name, base), Markup("").join(Markup("<td>{}</td>").format(_inline(cell, base)) for cell in cells)
        )
        for name, *cells in rows
    )
    frame = '<div class="wide" tabindex="0" role="region" aria-label="Table of {}"><table>{}{}</table></div>'
    head_row = Markup("<thead><tr>{}</tr></thead>").format(titles)
    return Markup(frame).format(head[0], head_row, Markup("<tbody>{}</tbody>").format(body))


def _inline(text: str, base: str) -> Markup:
    parts, at = [], 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[at : found.start()]))
        code, strong, alt, picture, words = found.groups()
        if code is not None:
            parts.append(Markup("<code>{}</code>").format(code))
        elif strong is not None:
            parts.append(Markup("<strong>{}</strong>").format(_inline(strong, base)))
        elif picture is not None:
            parts.append(Markup('<img src="{}{}" alt="{}" loading="lazy">').format(base, picture, alt))
        else:
            parts.append(_inline(words, base))
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])
