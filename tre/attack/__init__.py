"""`tre attack`: attacks on a running world, each with what holds it and what was seen."""
