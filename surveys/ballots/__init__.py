"""The ballot core: pure, without Django, clock or network. See docs/anonymity.md."""
