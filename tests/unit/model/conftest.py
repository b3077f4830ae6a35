"""The package must be there before torch: it tells torch's threads not to spin."""

import model  # noqa: F401
