"""What `tre …` can do: one file a family of commands; each asks a step and shows its answer."""
