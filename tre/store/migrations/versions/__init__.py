"""One file a migration, numbered; never changed once it was published."""
