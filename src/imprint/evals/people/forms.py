"""The forms of a value: with an article, at the start of a sentence, and the other ways people write the same thing."""

import re
import unicodedata

_ARTICLE = re.compile(r"^(?:a|an|[Tt]he|some)\s+")
_LEAD = re.compile(r"^(?:with|in|as|by)\s+")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_DATE = re.compile(r"(\d{1,2}) ([A-Z][a-z]+)")
_TIME = re.compile(r"(\d{1,2}):(\d{2}) (am|pm)")
_MONEY = re.compile(r"(\d+) euros")
_RUN = re.compile(r"(\d):(\d{2})")
_KEEPS = re.compile(r"(?:I|Dr|Christmas)\b")
"""How a form begins that keeps its capital when something is put before it."""
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_YOO = re.compile(r"(?:uni|use|eu|one|uk|ubi)", re.IGNORECASE)


def article(value: str) -> str:
    """`value` with "a" or "an"."""
    vowel = value[0].lower() in "aeiou" and not _YOO.match(value)
    return f"an {value}" if vowel else f"a {value}"


def capital(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def follow(form: str) -> str:
    """`form` as it stands after "Also, "; a value it begins with is written as it is: "gouda", "Maja"."""
    if form.startswith("{"):
        return form[0] + form[1].lower() + form[2:]
    return form if _KEEPS.match(form) else form[0].lower() + form[1:]


def bare(value: str) -> str:
    """`value` without a leading article."""
    return _ARTICLE.sub("", value)


def forms(value: str) -> tuple[str, ...]:
    """Every way to write `value` that counts as the same answer, the given one first.

    Dates, times, prices and small numbers in their usual spellings; without a leading article or preposition; hyphen
    or space; without accents; singular and plural of a common noun. "a|b" gives two names of one value.
    """
    found: list[str] = []
    for name in value.split("|"):
        short = bare(_LEAD.sub("", name))
        found += [name, bare(name), short, *_figures(name)]
        for text in (name, short):
            found += [_HYPHEN.sub(" ", text), _HYPHEN.sub("", text), text.replace(" and ", " & ")]
            found += [text.replace("'", "’"), _plain(text)]
        if re.fullmatch(r"(?:.* )?[a-z]{3,}", short) and short[:1].islower():
            found += _numbers(short)
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _numbers(noun: str) -> list[str]:
    """The singular of a plural, the plural of a singular; a form that does not exist does no harm."""
    if noun.endswith(("ing", "ed")):
        return []
    if noun.endswith("ies"):
        return [noun[:-3] + "y", noun[:-1]]
    if noun.endswith(("ses", "shes", "ches", "xes")):
        return [noun[:-2], noun[:-1]]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
        return [noun[:-1]]
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return [noun[:-1] + "ies"]
    return [noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")]


def _figures(name: str) -> list[str]:
    if found := _DATE.fullmatch(name):
        day, month = found.groups()
        nth = day + ("th" if day in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}.get(day[-1], "th"))
        orders = [f"{month} {day}", f"{nth} {month}", f"{nth} of {month}", f"{month} {nth}", f"{month} the {nth}"]
        return orders + [order.replace(month, month[:3]) for order in [name, *orders]]
    if found := _TIME.fullmatch(name):
        hour, minute, half = found.groups()
        late = int(hour) % 12 + (12 if half == "pm" else 0)
        dotted = f"{half[0]}.m"
        clocks = [f"{hour}:{minute}", f"{hour}.{minute}", f"{late:02}:{minute}", f"{late:02}.{minute}"]
        return [*clocks, f"{hour}:{minute}{half}", f"{hour}.{minute}{half}", f"{hour}:{minute} {dotted}"]
    if found := _MONEY.fullmatch(name):
        return [found[1], f"€{found[1]}", f"{found[1]}€", f"{found[1]} euro", f"EUR {found[1]}"]
    if found := _RUN.fullmatch(name):
        hours, minutes = found.groups()
        plural = "hour" if hours == "1" else "hours"
        ways = [f"{hours}.{minutes}", f"{hours}h{minutes}", f"{hours} {plural} {int(minutes)}"]
        return [*ways, f"{hours} {plural} and {int(minutes)} minutes", f"{hours} {plural} {int(minutes)} minutes"]
    return [_SMALL[int(name)]] if name.isdigit() and int(name) < len(_SMALL) else []
