"""Made-up users for `recall`: what they tell, in which words, and what they ask later."""

from imprint.evals.people.people import make_people

__all__ = ["make_people"]
