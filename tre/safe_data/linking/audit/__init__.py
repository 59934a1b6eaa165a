"""The evidence pack of a linkage: what an auditor asks, answered from the simulator's records."""
