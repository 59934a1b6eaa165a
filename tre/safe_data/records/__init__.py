"""What registers hold about the simulated people, and how they write people down."""
