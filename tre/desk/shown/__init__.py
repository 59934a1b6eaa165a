"""Files of a request made fit for a checker's eyes: shown, and never run."""
