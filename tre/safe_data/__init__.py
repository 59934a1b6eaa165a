"""Safe Data: population, registers, linkage, de-identification, extracts, synthetic twins."""
