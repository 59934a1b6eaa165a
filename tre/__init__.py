"""A Trusted Research Environment simulator that implements the Five Safes."""
