"""People of each role."""

from itertools import count

from synapse.accounts.models import RoleGrant, User
from synapse.accounts.roles import Role

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_user(username: str = "", *, roles=(), is_active: bool = True, **fields) -> User:
    """An active person with the roles; administrators are staff, as everywhere."""
    username = username or f"person{next(_numbers)}"
    fields.setdefault("email", f"{username}@example.com")
    fields.setdefault("first_name", username.capitalize())
    user = User.objects.create_user(
        username=username,
        password=PASSWORD,
        is_active=is_active,
        is_staff=Role.ADMIN in roles,
        **fields,
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user


def make_tester(username: str = "", **fields) -> User:
    return make_user(username, roles=[Role.TESTER], **fields)


def make_owner(username: str = "", **fields) -> User:
    return make_user(username, roles=[Role.REPORT_OWNER], **fields)


def make_executive(username: str = "", **fields) -> User:
    return make_user(username, roles=[Role.TEST_EXECUTIVE], **fields)


def make_admin(username: str = "", **fields) -> User:
    return make_user(username, roles=[Role.ADMIN], **fields)
