"""Log filters: the log must not show that somebody voted or reported, or when (YC-R6, WY-R3)."""

import logging

VOTER_PATHS = ("/v/", "/b/")
REPORTER_PATHS = ("/report/", "/p/", "/visits/")
APART = (*VOTER_PATHS, *REPORTER_PATHS)

# Phones that do not take the page's icon ask for these; only voters load the scripts of the ballot.
BESIDE_THE_BALLOT = ("/favicon.ico", "/apple-touch-icon", "/static/ballot/")
BESIDE_THE_REPORT = ("/static/reporting/",)
SILENT = (*APART, *BESIDE_THE_BALLOT, *BESIDE_THE_REPORT)


def is_answered_apart(path: str) -> bool:
    """Whether a path belongs to voters or reporters, of whom nothing is kept."""
    return path.startswith(APART) or f"{path}/" in APART


class NoVoterPaths(logging.Filter):
    """Drops every record, errors included, of voters' and reporters' paths and of what phones load beside."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        if isinstance(path, str) and path.startswith(SILENT):
            return False
        message = record.getMessage()
        return not any(f" {silent}" in message for silent in SILENT)
