"""What a hostile person, page or file tries at the desk, each with a test."""
