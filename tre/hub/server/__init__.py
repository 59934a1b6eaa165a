"""The single-user server: trusted code between the browser and the sealed kernel."""
