"""One person's identifiers travel: the route of a linkage as data, as a picture and as a page."""
