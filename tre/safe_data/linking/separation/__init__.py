"""Separation proved: what was sent and what every party holds, read against the principle.

The principle: no party ever holds identifiers of people it did not know together with the other
party's attributes. `check_separation` says of each of its rules whether it was kept.
"""
