"""The desk: pages and a JSON API on which requests are made, reviewed and released."""
