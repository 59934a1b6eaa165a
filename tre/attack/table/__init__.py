"""The attacks themselves, one file a family; `tre.attack.attacks` puts them in order."""
