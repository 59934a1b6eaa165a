"""The Five Safes joined: who may do what, and why not. `actions.py` is the front page."""

from tre.five_safes.actions import ACTIONS, decide, rules
from tre.five_safes.question import Question, Requirement, Subject

__all__ = ["ACTIONS", "Question", "Requirement", "Subject", "decide", "rules"]
