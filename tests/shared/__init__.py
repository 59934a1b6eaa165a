"""The values that every room shares."""
