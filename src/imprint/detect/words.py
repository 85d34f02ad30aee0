"""Word lists written as plain text."""

import re
from collections.abc import Iterable


def words(text: str, by: str = "") -> tuple[str, ...]:
    """The entries of a list written as text: parted by spaces, or by `by` where entries have spaces themselves."""
    return tuple(entry.strip() for entry in (text.split(by) if by else text.split()) if entry.strip())


def either(entries: Iterable[str]) -> str:
    """The entries as one alternative of a regular expression, longest first."""
    return "|".join(re.escape(entry) for entry in sorted(entries, key=lambda entry: (-len(entry), entry)))
