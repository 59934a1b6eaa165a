"""What a researcher imports inside a sealed session."""
