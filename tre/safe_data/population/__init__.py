"""The simulated population: the truth, which no party of the simulation may read."""
