"""Turns -> facts by patterns over clause frames: no model, milliseconds, the same facts every time."""

import re
from collections.abc import Sequence
from dataclasses import replace

from imprint.detect.clauses import Clause, clauses
from imprint.detect.rules import RuleDetector, clause_score
from imprint.detect.verbs import base_of, is_doing
from imprint.study.changes import ended
from imprint.study.found import Found, People, Scene
from imprint.study.lexicon import ANIMALS
from imprint.study.patterns.being import being
from imprint.study.patterns.events import baby_due, birthday_mentioned, memories
from imprint.study.patterns.home import home
from imprint.study.patterns.meals import meals
from imprint.study.patterns.own_name import own_name
from imprint.study.patterns.pastimes import pastimes
from imprint.study.patterns.people import animal_of, names_told
from imprint.study.patterns.plans import plans
from imprint.study.patterns.possessions import possessions
from imprint.study.patterns.relatives import relatives
from imprint.study.patterns.tastes import tastes
from imprint.study.patterns.things import named_things, object_had
from imprint.study.patterns.times import times
from imprint.study.patterns.trips import trip_mentioned
from imprint.study.patterns.work import job_mentioned, work
from imprint.study.rewrite import second_person, shortened
from imprint.study.spans import thing, without_times
from imprint.study.told import Told
from imprint.study.topics import head_noun
from imprint.types import Fact, Turn

_CLAUSE_PATTERNS = (
    own_name,
    being,
    home,
    work,
    relatives,
    times,
    meals,
    pastimes,
    possessions,
    plans,
    memories,
    tastes,
)
CORRECTS = re.compile(
    r"(?i)^\W*(?:actually|correction|sorry|oops|no,|i meant|i mean|my mistake|scratch that|wait)\b|\b(?:not|"
    r"instead of) [A-Z]\w+\W*$|\b(?:instead|i meant|is actually|spelled|spelt|renamed)\b"
)
_RULES = RuleDetector()
_TELLING = 0.3
"""Least clause score of a statement that is kept without a pattern."""
_OWN_OR_NAMED = re.compile(r"\b(?:[Mm]y|[Oo]ur)\b|(?<=[a-z,] )[A-Z][a-z]+")
_MOST_WORDS = 10
_FEWEST_WORDS = 3
"""A statement shorter than this ("so true") is not kept by itself."""
_THIRD_NAMED = re.compile(
    r"(?i)^(?:is (?:allergic|vegan|vegetarian|from|a|an|the|called|getting|turning|expecting|pregnant|obsessed|"
    r"scared|into|\d+|left-handed|deaf|diabetic|starting|learning|studying)\b|(?:loves|hates|plays|likes|"
    r"can not stand|does not (?:like|eat)|studies|speaks|has|turns|turned|supports|collects|wants to be)\b)"
)
_THIRD_LASTING = re.compile(
    r"(?i)^(?:allergic|vegan|vegetarian|\w+ years old|\d+$|\d+ (?:now|next)|left-handed|deaf|blind|diabetic|from|"
    r"called|getting|turning|expecting|pregnant|married|obsessed|scared|into|an?\b|the)"
)


def extract(turns: Sequence[Turn]) -> tuple[Fact, ...]:
    """What a user told about themselves, in order of telling, changed minds applied: `fold` over the turns."""
    facts: tuple[Fact, ...] = ()
    for turn in turns:
        facts = fold(facts, turn)
    return facts


def fold(facts: tuple[Fact, ...], turn: Turn, ends: bool = True) -> tuple[Fact, ...]:
    """The facts after one more turn. It sees nothing else, so hearing turns one by one or all at once is the same.

    ends: whether what the turn says is over is taken back.
    """
    if turn.role != "user" or not turn.text.strip():
        return facts
    said = tuple(fact for fact in facts if fact.kind == "statement")
    told, people = Told([fact for fact in facts if fact.kind != "statement"]), People.of(facts)
    heard = clauses(turn.text)
    corrects = bool(CORRECTS.search(turn.text))
    any_found, taken = False, list[str]()
    over_in: Clause | None = None
    seen = ""
    previous: Clause | None = None
    for clause in heard:
        scene = Scene(clause, people, previous)
        previous = clause
        found: list[Found] = []
        if clause.sentence != seen:
            if seen and not any_found:
                people.only_names()
            seen = clause.sentence
            found += _in_passing(scene) if clause.mood != "supposed" else []
        for over in ended(scene) if ends else ():
            if told.end(over, turn.id):
                over_in = clause
            elif over.instead:
                found += object_had("a", over.instead)
        found += read_clause(scene)
        for fact in found:
            if fact.value:
                told.add(fact, turn.id, corrects)
                taken.append(fact.value)
                any_found = True
        _imply_pets(found, told, turn.id)
    any_found |= any(fact.turn == turn.id for fact in told.facts())
    about = None if any_found else _without_a_pattern(heard, people, over_in, turn)
    if about is not None:
        told.add(about, turn.id)
        taken.append(about.value)
    return told.facts() + _with_statements(said, taken, heard, people, turn.id)


def _without_a_pattern(heard: Sequence[Clause], people: People, over_in: Clause | None, turn: Turn) -> Found | None:
    """What a turn is about that no pattern reads: somebody known by name, what is over, or its most telling clause."""
    for clause in heard if over_in is None else ():
        subject = clause.frame.subject
        lasting = clause.mood == "statement" and _THIRD_NAMED.match(clause.text[len(subject) :].strip())
        if lasting and people.names.get(subject.lower()):
            return Found("about", subject.lower(), shortened(second_person(clause.text)))
    if over_in is not None:
        return _told_about([over_in], people, -1)
    return _told_about(heard, people, 1) if heard and _RULES.probability(turn, None) >= 0.5 else None


def _with_statements(
    said: tuple[Fact, ...], taken: Sequence[str], heard: Sequence[Clause], people: People, turn: str
) -> tuple[Fact, ...]:
    """Telling statements that no pattern took, each as a fact of its own: they can still be asked for by what they were
    about. The same words told again change nothing.

    taken: values that this turn's patterns found, whether they were new or told before.
    """
    known = {fact.value.lower() for fact in said}
    fresh = []
    for clause in heard:
        value = shortened(second_person(clause.text), _MOST_WORDS)
        telling = clause.mood == "statement" and (clause_score(clause) >= _TELLING or _OWN_OR_NAMED.search(clause.text))
        if not telling or len(value.split()) < _FEWEST_WORDS or value.lower() in known:
            continue
        if not any(word.lower() in value.lower() for word in taken):
            known.add(value.lower())
            fresh.append(Fact("statement", topic_of_clause(clause, people) or value, value, turn))
    return (*said, *fresh)


def _in_passing(scene: Scene) -> list[Found]:
    """Facts any sentence may carry, questions too: "what can I get my sister Ines?"."""
    sentence, text = scene.clause.sentence, scene.clause.text
    # A restored clause ("my lad is called Kyle" for "Lad's called Kyle") says more than its sentence.
    restored = names_told(scene, text) if text not in sentence and text.startswith("my ") else []
    return (
        names_told(scene, sentence)
        + restored
        + job_mentioned(sentence, scene.clause.cased)
        + named_things(sentence)
        + baby_due(sentence)
        + trip_mentioned(sentence)
        + birthday_mentioned(sentence)
    )


def read_clause(scene: Scene) -> list[Found]:
    """Every fact the patterns see in one clause."""
    if scene.clause.mood in ("supposed", "question"):
        return []
    if scene.clause.mood == "command":
        return own_name(scene)
    out: list[Found] = []
    for seen in (scene, *_begun(scene)):
        for pattern in _CLAUSE_PATTERNS:
            out += [fact for fact in pattern(seen) if fact not in out]
    return out


def _begun(scene: Scene) -> list[Scene]:
    """ "I have started getting up at five" is also "I get up at five"."""
    frame = scene.clause.frame
    first, _, rest = frame.rest.partition(" ")
    if (
        frame.verb not in ("start", "begin")
        or frame.negative
        or frame.modal
        or not is_doing(first)
        or not base_of(first)
    ):
        return []
    now = replace(frame, verb=base_of(first), rest=rest, past=False, perfect=True, doing=False)
    return [replace(scene, clause=replace(scene.clause, frame=now, text=f"{frame.subject} {now.verb} {rest}".strip()))]


def _imply_pets(found: Sequence[Found], told: Told, turn: str) -> None:
    """A pet's name tells what kind of pet there is."""
    for fact in found:
        if fact.kind == "pet_name" and not any(
            fact.about in (animal_of(value.split()[-1])[0], value.lower()) for value in told.values("pet_kind")
        ):
            told.add(Found("pet_kind", "", fact.about), turn)


def _told_about(heard: Sequence[Clause], people: People, polarity: int) -> Found | None:
    """A remembered turn without a pattern: its most telling clause, said back in the second person."""
    best: Clause | None = None
    best_score = -1.0
    for clause in heard:
        score = clause_score(clause)
        known = people.relation_of(clause.frame.subject) if clause.frame.subject in ("he", "she") else ""
        if known and known not in ANIMALS and _THIRD_LASTING.match(clause.frame.rest):
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
    rest = re.sub(
        (
            r"(?i)^(?:(?:up|off|out|about|of|for|to|in|on|at|with|from|into|myself|away|back|over|around|down|by|"
            r"as|not|"
            r"been|a lot|through) )+"
        ),
        "",
        without_times(frame.rest),
    )
    towards = re.match(
        (
            r"(?i)(?:allergic|scared|afraid|terrified|married|engaged|addicted|close|related|good|bad|terrible|"
            r"hopeless|"
            r"rubbish|brilliant) (?:to|of|at|with) (.+)"
        ),
        rest,
    )
    rest = towards[1] if towards else rest
    inner = re.search(r"(?i)\b(?:my|our) (?P<n>[\w-]+(?: [\w-]+)?)", rest)
    phrase = thing(rest, 4)
    noun = (
        phrase.lower()
        if head_noun(phrase) in ("person", "people", "kind", "type", "owl", "handed")
        else head_noun(phrase)
    ) or (head_noun(thing(inner["n"], 3)) if inner else "")
    if noun and noun not in ("up", "off", "out", "down", "new", "over", "away"):
        return noun
    if noun and frame.verb:
        return f"{frame.verb} {noun}" if frame.rest.lower().startswith(noun) else frame.verb
    subject = head_noun(thing(frame.subject, 4)) if frame.subject not in ("I", "we") else ""
    return subject or (frame.verb if frame.verb not in ("be", "have", "do", "get", "") else "") or head_noun(rest)
