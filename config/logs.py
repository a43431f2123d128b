"""Log filters: the log must not show who voted, reported or rated, or when (YC-R6, WY-R3, GY-R4)."""

import logging

VOTER_PATHS = ("/v/", "/b/")
REPORTER_PATHS = ("/report/", "/p/", "/visits/")
RATER_PATHS = ("/r/",)
APART = (*VOTER_PATHS, *REPORTER_PATHS, *RATER_PATHS)

# Phones that do not take the page's icon ask for these; only voters load the scripts of the ballot.
BESIDE_THE_BALLOT = ("/favicon.ico", "/apple-touch-icon", "/static/ballot/")
BESIDE_THE_REPORT = ("/static/reporting/",)
BESIDE_THE_RATING = ("/static/rating/",)
SILENT = (*APART, *BESIDE_THE_BALLOT, *BESIDE_THE_REPORT, *BESIDE_THE_RATING)


def is_answered_apart(path: str) -> bool:
    """Whether a path belongs to voters, reporters or raters, of whom nothing is kept."""
    return path.startswith(APART) or f"{path}/" in APART


class NoVoterPaths(logging.Filter):
    """Drops every record, errors included, of voters' and reporters' paths and of what phones load beside."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        if isinstance(path, str) and path.startswith(SILENT):
            return False
        message = record.getMessage()
        return not any(f" {silent}" in message for silent in SILENT)
