"""Tables that were protected

A protected table is judged again, as a reader sees it who can add and subtract.
"""
