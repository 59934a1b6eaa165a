"""Checks that are asked of a running environment; each says what is wrong, or nothing."""
