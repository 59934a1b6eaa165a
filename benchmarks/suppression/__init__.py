"""The same tables protected by output_checks and by pytauargus, each in a process of its own."""
