"""What fills a kind's {about}, in one spelling: "my mum's" and "mother" are the same relation."""

import re

from imprint.study.spans import singular

_SAME = {
    "mum": "mother",
    "mam": "mother",
    "mom": "mother",
    "mama": "mother",
    "mummy": "mother",
    "mommy": "mother",
    "momma": "mother",
    "ma": "mother",
    "dad": "father",
    "da": "father",
    "daddy": "father",
    "papa": "father",
    "pa": "father",
    "old man": "father",
    "hubby": "husband",
    "missus": "wife",
    "missis": "wife",
    "gran": "grandmother",
    "nan": "grandmother",
    "nana": "grandmother",
    "granny": "grandmother",
    "grandma": "grandmother",
    "grandad": "grandfather",
    "granddad": "grandfather",
    "grandpa": "grandfather",
    "bro": "brother",
    "sis": "sister",
    "lad": "son",
    "little boy": "son",
    "little girl": "daughter",
    "auntie": "aunt",
    "fiance": "fiancé",
    "fiancee": "fiancée",
    "boyf": "boyfriend",
    "color": "colour",
    "movie": "film",
    "movy": "film",
    "puppy": "dog",
    "pup": "dog",
    "kitten": "cat",
    "kitty": "cat",
    "bike": "bicycle",
    "sneaker": "shoe",
    "trainer": "shoe",
}
_DROPPED = re.compile(r"^(?:(?:my|our|the|a|an|his|her|their|your)\s+)+|(?:'s|’s)$")


def normal_about(text: str) -> str:
    """Lower case, without determiner and genitive, singular, one word for each relation."""
    low = _DROPPED.sub("", " ".join(text.lower().split()).strip(" .,!?;:\"'’"))
    low = _DROPPED.sub("", low)
    one = singular(low) if low else low
    return _SAME.get(low, _SAME.get(one, one))


def same_about(left: str, right: str) -> bool:
    """Equal once normalised, or one is the other with words before or after it ("sister", "younger sister")."""
    a, b = normal_about(left), normal_about(right)
    return a == b or bool(a and b) and (f" {a} " in f" {b} " or f" {b} " in f" {a} ")


def same_value(left: str, right: str) -> bool:
    """Equal but for case, articles, punctuation at the ends and spaces."""
    return _plain(left) == _plain(right)


def _plain(text: str) -> str:
    words = re.sub(r"[^\w\s'’:/&+.-]", " ", text.lower()).split()
    kept = [word.strip("'’.-:/") for word in words if word not in ("a", "an", "the")]
    return " ".join(word for word in kept if word)
