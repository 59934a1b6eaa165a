"""The web application in which requests are made, reviewed and released."""
