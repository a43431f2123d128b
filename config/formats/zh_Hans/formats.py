"""How Django writes dates by itself, where its Chinese formats pad a month with a zero."""

MONTH_DAY_FORMAT = "n月j日"
