"""Safe People: who may be here, as plain values and pure rules."""
