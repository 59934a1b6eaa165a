"""Practice projects, demonstration people and lessons."""
