"""Linking: the only place in which identifiers of two organisations are compared."""
