"""The desk: pages and a JSON API on which requests are made, reviewed and released."""

import sys

# As in tre.hub: a second of every start that nothing here is better for.
sys.modules.setdefault("rfc3987_syntax", None)  # ty: ignore[no-matching-overload]
