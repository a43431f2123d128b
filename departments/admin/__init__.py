"""The office's pages for units, people, towns, tasks and windows, and where a user belongs."""

from departments.admin import memberships, people, towns, units  # noqa: F401 - register themselves
from departments.notices import admin as notice_admin  # noqa: F401 - registers itself
from departments.tasks import admin as task_admin  # noqa: F401 - registers itself
from departments.windows import admin as window_admin  # noqa: F401 - registers itself
