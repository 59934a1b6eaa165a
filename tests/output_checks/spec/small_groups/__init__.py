"""Groups that are too small, or too much alike

Whoever knows that somebody is in a small group learns from a published count, share or mean what
is true of that one person. Small groups are counted in people, never in rows.
"""
