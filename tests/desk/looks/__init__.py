"""What a person sees of the desk: every page, by somebody who may see it, in a real browser."""
