"""What becomes of a backup once it is written: sealed, copied elsewhere, thrown away in time, tried out."""
