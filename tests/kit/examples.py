"""How many random examples Hypothesis tries for a property: 25 in an ordinary run, more with EXAMPLES=250."""

import os

from hypothesis import HealthCheck, settings

EXAMPLES = settings(
    max_examples=int(os.environ.get("EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
