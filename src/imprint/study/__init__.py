"""Turns -> facts about the user -> questions and answers, without a model or with a teacher the user chooses."""
