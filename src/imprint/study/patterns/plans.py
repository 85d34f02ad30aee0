"""Everything that lies ahead: trips, events, goals."""

from imprint.study.found import Found, Scene
from imprint.study.patterns.events import event_is, events
from imprint.study.patterns.goals import wish
from imprint.study.patterns.trips import postponed, trips


def plans(scene: Scene) -> list[Found]:
    """plan_trip, plan_event and their times; goal and dream_job."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement":
        return []
    if frame.subject not in ("I", "we"):
        return event_is(scene)
    if frame.negative or frame.ended:
        return []
    out = postponed(scene) or trips(scene)
    if out:
        return out
    out = events(scene)
    if out:
        return out
    return wish(scene)
