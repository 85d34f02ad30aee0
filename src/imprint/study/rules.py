"""Turns -> facts by patterns over clause frames: no model, milliseconds, the same facts every time."""

import re
from collections.abc import Callable, Sequence

from imprint.detect.base import Detector
from imprint.detect.clauses import Clause, clauses
from imprint.detect.rules import RuleDetector, clause_score
from imprint.study.changes import ended
from imprint.study.found import Found, People, Scene
from imprint.study.patterns_being import being
from imprint.study.patterns_habits import meals, pastimes, times
from imprint.study.patterns_home import home, job_mentioned, relatives, work
from imprint.study.patterns_people import names_told, own_name
from imprint.study.patterns_plans import memories, plans
from imprint.study.patterns_tastes import tastes
from imprint.study.patterns_things import named_things, possessions
from imprint.study.rewrite import second_person, shortened
from imprint.study.spans import singular, thing, without_times
from imprint.study.told import Told
from imprint.study.topics import head_noun
from imprint.types import Fact, Turn

_CLAUSE_PATTERNS = (own_name, being, home, work, relatives, times, meals, pastimes, possessions, plans, memories, tastes)
_CORRECTS = re.compile(r"(?i)^\W*(?:actually|correction|sorry|oops|no,|i meant|i mean|my mistake|scratch that|wait)\b|\b(?:not|instead of) [A-Z]\w+\W*$|\b(?:i meant|is actually|spelled|spelt|renamed)\b")
_RULES = RuleDetector()
_THIRD_LASTING = re.compile(r"(?i)^(?:allergic|vegan|vegetarian|\w+ years old|\d+$|\d+ (?:now|next)|left-handed|deaf|blind|diabetic|from|called|getting|turning|expecting|pregnant|married|obsessed|scared|into|an?\b|the)")


def extract(
    turns: Sequence[Turn], topic_of: Callable[[str], str] | None = None, detector: Detector | None = None
) -> tuple[Fact, ...]:
    """What a user told about themselves, in order of telling, changed minds applied: `fold` over the turns.

    `topic_of` names the category of a liked or disliked thing the lexicons do not know ("" when it cannot tell). `detector` decides which
    turns without a known pattern are kept as an "about" fact; by default the rules.
    """
    facts: tuple[Fact, ...] = ()
    for turn in turns:
        facts = fold(facts, turn, topic_of, detector)
    return facts


def fold(
    facts: tuple[Fact, ...],
    turn: Turn,
    topic_of: Callable[[str], str] | None = None,
    detector: Detector | None = None,
) -> tuple[Fact, ...]:
    """The facts after one more turn. It sees nothing but `facts` and `turn`, so hearing turns one by one or all at once is the same."""
    if turn.role != "user" or not turn.text.strip():
        return facts
    told, people = Told(facts), People.of(facts)
    heard = clauses(turn.text)
    corrects = bool(_CORRECTS.search(turn.text))
    any_found = any_ended = False
    seen = ""
    for clause in heard:
        scene = Scene(clause, people, topic_of)
        found: list[Found] = []
        if clause.sentence != seen:
            if seen and not any_found:
                people.only_names()
            seen = clause.sentence
            found += _in_passing(scene) if clause.mood != "supposed" else []
        for over in ended(scene):
            any_ended |= told.end(over, turn.id)
        found += read_clause(scene)
        for fact in found:
            if fact.value:
                told.add(fact, turn.id, corrects)
                any_found = True
        _imply_pets(found, told, turn.id)
    if not any_found and (any_ended or (heard and (detector or _RULES).probability(turn, None) >= 0.5)):
        about = _told_about(heard, people, -1 if any_ended else 1)
        if about is not None:
            told.add(about, turn.id)
    return told.facts()


def _in_passing(scene: Scene) -> list[Found]:
    """Facts any sentence may carry, questions too: "what can I get my sister Ines?"."""
    sentence = scene.clause.sentence
    return names_told(scene, sentence) + job_mentioned(sentence, scene.clause.cased) + named_things(sentence)


def read_clause(scene: Scene) -> list[Found]:
    """Every fact the patterns see in one clause."""
    if scene.clause.mood in ("supposed", "question"):
        return []
    if scene.clause.mood == "command":
        return own_name(scene)
    out: list[Found] = []
    for pattern in _CLAUSE_PATTERNS:
        out += [fact for fact in pattern(scene) if fact not in out]
    return out


def _imply_pets(found: Sequence[Found], told: Told, turn: str) -> None:
    """A pet's name tells what kind of pet there is."""
    for fact in found:
        if fact.kind == "pet_name" and not any(fact.about in singular(value) or fact.about in value.lower() for value in told.values("pet_kind")):
            told.add(Found("pet_kind", "", fact.about), turn)


def _told_about(heard: Sequence[Clause], people: People, polarity: int) -> Found | None:
    """A remembered turn without a pattern: its most telling clause, said back in the second person."""
    best: Clause | None = None
    best_score = -1.0
    for clause in heard:
        score = clause_score(clause)
        if clause.frame.subject in ("he", "she") and people.relation_of(clause.frame.subject) and _THIRD_LASTING.match(clause.frame.rest):
            score = max(score, 0.5)
        if clause.mood == "statement" and score > best_score:
            best, best_score = clause, score
    if best is None or best_score < 0.15 and polarity > 0:
        return None
    topic = topic_of_clause(best, people)
    text = best.text if not best.frame.front else f"{best.frame.front} {best.text}"
    value = shortened(second_person(text))
    return Found("about", topic, value, polarity) if topic and value else None


def topic_of_clause(clause: Clause, people: People) -> str:
    """The noun a clause is about: the user's own thing it speaks of, else the head of its object."""
    frame = clause.frame
    owned = re.match(r"(?i)(?:my|our)\s+(.+)", frame.subject)
    if owned:
        noun = head_noun(thing(owned[1], 4, stop=False) or owned[1])
        if noun:
            return noun
    known = people.relation_of(frame.subject)
    if known:
        return known
    rest = re.sub(r"(?i)^(?:(?:up|off|out|about|of|for|to|in|on|at|with|from|into|myself|away|back|over|around|down|by|as|not|been|a lot|through) )+", "", without_times(frame.rest))
    inner = re.search(r"(?i)\b(?:my|our) (?P<n>[\w-]+(?: [\w-]+)?)", rest)
    phrase = thing(rest, 4)
    noun = (phrase.lower() if head_noun(phrase) in ("person", "people", "kind", "type", "owl") else head_noun(phrase)) or (head_noun(thing(inner["n"], 3)) if inner else "")
    if noun:
        return noun
    subject = head_noun(thing(frame.subject, 4)) if frame.subject not in ("I", "we") else ""
    return subject or (frame.verb if frame.verb not in ("be", "have", "do", "get", "") else "") or head_noun(rest)
