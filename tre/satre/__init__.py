"""The self-assessment against SATRE, statement by statement, as a table."""
