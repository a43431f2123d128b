"""Static files: a hash in the name, so that browsers may keep them; compressed once, when collected."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Only gzip: Brotli saves a few kilobytes and costs a newcomer's first start ten seconds."""
        return Compressor(use_brotli=False, **kwargs)
