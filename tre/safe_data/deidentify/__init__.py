"""De-identification: treatments of variables, scrubbing of text, and what risk is left."""
