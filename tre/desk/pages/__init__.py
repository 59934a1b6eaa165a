"""The desk's pages, one file a subject."""
