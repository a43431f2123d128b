"""Log filters: the log must not show that somebody voted, or when (YC-R6)."""

import logging

VOTER_PATHS = ("/v/", "/b/")

# Phones that do not take the page's icon ask for these; only voters load the scripts of the ballot.
BESIDE_THE_BALLOT = ("/favicon.ico", "/apple-touch-icon", "/static/ballot/")
SILENT = (*VOTER_PATHS, *BESIDE_THE_BALLOT)


def concerns_voter(path: str) -> bool:
    return path.startswith(VOTER_PATHS) or f"{path}/" in VOTER_PATHS


class NoVoterPaths(logging.Filter):
    """Drops every record of the voters' paths and of what phones load beside them, errors included."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        if isinstance(path, str) and path.startswith(SILENT):
            return False
        message = record.getMessage()
        return not any(f" {silent}" in message for silent in SILENT)
