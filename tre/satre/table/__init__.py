"""The statements by pillar; the first two pillars are in two files each."""
