"""The same table made by four programs, each in a process of its own."""
