"""The courier: takes what sealed sessions leave in their outboxes, and answers.

Everything that it reads was written by somebody who may be hostile. Who asks is told by the
outbox that a letter lies in, and by nothing that is written in the letter.
"""
