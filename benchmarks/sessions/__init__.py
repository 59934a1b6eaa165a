"""What a sealed session costs beside an unsealed one, and how many one machine holds at once."""
