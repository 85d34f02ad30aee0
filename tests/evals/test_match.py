"""Whole words, and refusals: hand-worked replies."""

import pytest

from imprint.evals.match import is_refusal, stands_in


@pytest.mark.parametrize(
    ("value", "reply", "found"),
    [
        ("Pepper", "It's Pepper!", True),
        ("Pepper", "PEPPER", True),
        ("Pepper", "peppermint tea", False),
        ("3 March", "On 13 March.", False),
        ("3 March", "It is on 3 march, I think", True),
        ("A+", "Your blood type is A+.", True),
        ("A+", "AA+", False),
        ("45", "You paid €45.", True),
        ("45", "You paid 145 euros.", False),
        ("", "anything", False),
    ],
)
def test_a_value_stands_in_a_reply_as_whole_words(value: str, reply: str, found: bool) -> None:
    assert stands_in((value,), reply) is found


def test_one_of_the_values_is_enough() -> None:
    assert stands_in(("Rex", "Biscuit"), "your dog is biscuit")
    assert not stands_in((), "your dog is biscuit")


@pytest.mark.parametrize(
    "reply",
    [
        "You haven't told me your dog's name.",
        "You haven't told me that yet.",
        "you have not mentioned where you live",
        "You've never mentioned it to me.",
        "You never told me.",
        "You didn't tell me what your sister is called.",
        "I don't know.",
        "I don't know your dog's name.",
        "I do not know what your dog is called.",
        "I don't know how old your sister is.",
        "I don't know what your job is, but you can tell me.",
        "I'm sorry, but I don't have any information about your dog.",
        "I don't have that information.",
        "I don't have access to personal data about you.",
        "As an AI language model, I don't have access to your personal information.",
        "As an AI, I don't have the ability to know; there is no information about it.",
        "I have no idea.",
        "I've got no idea what your favourite cheese is.",
        "I have no record of that.",
        "I’m not sure what your dog is called.",
        "I'm not aware of your favourite colour.",
        "I'm unable to answer that question.",
        "Your sister's name was not mentioned.",
        "That hasn't been mentioned.",
        "It isn't mentioned in what you told me.",
        "The name of your boss is unknown to me.",
        "Unknown.",
        "No idea, sorry!",
        "Dunno.",
        "Sorry, I can't remember that.",
        "I can't recall you telling me.",
        "I cannot tell you that.",
        "There is no mention of a dog in our conversation.",
        "No information is available about your job.",
        "I wasn't told.",
        "I don't know, but if you tell me what your dog is called, I will remember it.",
        "I don't know. Could you tell me?",
        "I don't currently have information on your birthday.",
        "I do not have personal experiences or information, so I don't know where you live.",
        "I don't know that, but you're welcome to tell me.",
        "I'm sorry, I don't have your birthday on record.",
        "Hmm, I don't actually know.",
        "You haven't mentioned which cheese you like best, so I can't say.",
        "I don't remember what you said about that.",
        "I don't know your sister's name. What is it?",
    ],
)
def test_saying_that_one_does_not_know_is_a_refusal(reply: str) -> None:
    assert is_refusal(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "I don't know why you love tea so much, but your dog is Max.",
        "Your dog is called Max.",
        "Max.",
        "I'm not sure, but I think it's Max.",
        "I don't know for sure, but it is Max.",
        "Your dog is Max. I don't have any other information.",
        "I can't say enough good things about gouda.",
        "You told me you don't know how to swim.",
        "I don't have a dog, but yours is called Max.",
        "You love gouda.",
        "I don't know. Your dog is Max.",
        "I don't know much about cheese, but yours is gouda.",
        "You work as a nurse, and I don't know how you do it.",
        "Your favourite colour is blue, you never told me why.",
        "You told me that you can't remember names.",
        "I'm not sure I follow, but your sister is called Maja.",
        "It's on 3 March, don't forget.",
        "Not only is your dog Max, he is lovely.",
        "I know that your dog is Max.",
        "I don't know exactly, however you said it was Max.",
        "I like tea.",
        "The password hint is lost glove.",
        "",
        "I don't know how to thank you.",
        "My favourite colour is blue.",
        "I'm an AI, so I don't have a favourite, but you prefer gouda.",
        "I haven't forgotten: it's Max.",
        "You mentioned that nobody knows.",
        "There's no doubt: Max.",
        "I'm sure you haven't forgotten Max.",
    ],
)
def test_an_answer_is_no_refusal(reply: str) -> None:
    assert not is_refusal(reply)
