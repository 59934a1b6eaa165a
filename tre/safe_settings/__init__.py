"""Safe Settings: what a session may see and reach."""
