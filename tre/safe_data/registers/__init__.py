"""The registers: what each organisation recorded about the population, errors included."""
