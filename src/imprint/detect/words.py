"""Word lists written as plain text."""


def words(text: str, by: str = "") -> tuple[str, ...]:
    """The entries of a list written as text: parted by spaces, or by `by` where entries have spaces themselves."""
    return tuple(entry.strip() for entry in (text.split(by) if by else text.split()) if entry.strip())
