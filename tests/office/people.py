"""Users for the tests of the office, and how they come in as people do: through the entrance."""

from __future__ import annotations

from django.test import Client
from django_otp.oath import totp

from office.models import Phone, User
from office.roles import Role

PASSWORD = "Kong-Cheng-7"


def person(role: Role, username: str = "") -> User:
    """Make a user of this role with a password of their own."""
    return User.objects.create_user(username or str(role), password=PASSWORD, role=role)


def sign_in(username: str, password: str = PASSWORD) -> Client:
    """Come in through the entrance with a browser of one's own."""
    client = Client()
    client.post("/office/login/", {"username": username, "password": password, "next": "/office/"})
    return client


def code_of(user: User, *, confirmed: bool = True) -> str:
    """Return what the user's phone shows."""
    device = Phone.objects.get(user=user, confirmed=confirmed)
    Phone.objects.filter(pk=device.pk).update(last_t=-1, throttling_failure_count=0)
    return f"{totp(device.bin_key):06d}"
