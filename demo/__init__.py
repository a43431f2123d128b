MAIN_SCHEME = "yuncheng-2023"  # the demo county's own
