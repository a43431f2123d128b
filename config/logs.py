"""Log filters: the log must not show that somebody voted, or when (YC-R6)."""

import logging

VOTER_PATHS = ("/v/", "/b/")


def concerns_voter(path: str) -> bool:
    return path.startswith(VOTER_PATHS)


class NoVoterPaths(logging.Filter):
    """Drops every record about a request to the voters' paths, errors included."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        if isinstance(path, str) and concerns_voter(path):
            return False
        message = record.getMessage()
        return not any(f" {voter_path}" in message for voter_path in VOTER_PATHS)
