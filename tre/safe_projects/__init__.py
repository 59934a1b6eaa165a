"""Safe Projects: what may be studied, by whom, on which data, until when."""
