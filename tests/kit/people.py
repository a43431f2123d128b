"""Users for the tests, at their desks or on their way in through the login page."""

from __future__ import annotations

from django.test import Client
from django_otp.oath import totp

from departments.models import Department, Membership, Town
from office.models import Phone, User
from office.roles import Role

PASSWORD = "Kong-Cheng-7"


def person(role: Role, username: str = "") -> User:
    """Make a user of this role with a password of their own."""
    return User.objects.create_user(username or str(role), password=PASSWORD, role=role)


def signed_in(
    role: Role,
    department: Department | None = None,
    *,
    town: Town | None = None,
    username: str = "",
    raise_request_exception: bool = True,
) -> Client:
    """Make a user of this role, of a department or a town, and return the browser they work in."""
    user = person(role, username)
    if department or town:
        Membership.objects.create(user=user, department=department, town=town)
    client = Client(raise_request_exception=raise_request_exception)
    client.force_login(user)
    return client


def sign_in(username: str, password: str = PASSWORD) -> Client:
    """Sign in through the login page in a new browser."""
    client = Client()
    client.post("/office/login/", {"username": username, "password": password, "next": "/office/"})
    return client


def code_of(user: User, *, confirmed: bool = True) -> str:
    """Return what the user's phone shows."""
    device = Phone.objects.get(user=user, confirmed=confirmed)
    Phone.objects.filter(pk=device.pk).update(last_t=-1, throttling_failure_count=0)
    return f"{totp(device.bin_key):06d}"
