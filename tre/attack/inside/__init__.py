"""Probes: functions whose source is run in the session under attack. Standard library alone."""
