from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An official who may sign in (用户)."""
