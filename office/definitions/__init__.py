"""What policies and proceedings as data share: read strictly, every fault with its line. Pure."""
