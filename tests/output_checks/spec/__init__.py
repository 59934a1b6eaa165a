"""The rules by example: a folder is a chapter, a file a rule, a test a paragraph.

A paragraph is people drawn as text, one call, and what the rule finds. `docs/generate/rules.py`
reads the same files and writes docs/reference/rules.md of them, so that the page cannot say
anything that a test has not seen.
"""
