"""Kinds of fact in a dozen families: a kind has too few test turns for a figure of its own."""

from imprint.detect.words import words

_FAMILIES = {
    "who one is": "name nickname age birthday origin nationality language religion celebrates",
    "family and friends": "partner relative relative_work relative_home relative_age relative_need children_count "
    "siblings marital household anniversary friend neighbour",
    "pets": "pet_kind pet_name pet_breed pet_need",
    "home": "home dwelling home_detail temperature garden",
    "work and study": "work employer workplace_detail work_hours work_setting boss commute past_job dream_job studies "
    "school degree learning skill",
    "body": "allergy diet health medication access_need cannot injury sleep size fear smoking alcohol",
    "food and drink": "avoid_food drink_habit breakfast cooking usual_order likes_food dislikes_food likes_drink "
    "dislikes_drink",
    "days": "wake_time bed_time rhythm habit weekly weekend evening social",
    "pastimes": "hobby sport team instrument collection club volunteering cause likes_activity dislikes_activity",
    "things": "vehicle driving phone computer app possession subscription budget shopping contact reply_style",
    "plans and events": "goal plan_trip plan_trip_time plan_event plan_event_time deadline travel_style visited "
    "achievement life_event memory_event",
    "anything else": "about",
}
_FAMILY = {kind: name for name, kinds in _FAMILIES.items() for kind in words(kinds)}


def family_of(kind: str) -> str:
    """The family of a kind of the bank; what is liked, disliked or felt beyond food and pastimes is a taste."""
    return _FAMILY.get(kind, "tastes")
