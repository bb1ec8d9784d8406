"""What the accounts refuse."""

from synapse.common.errors import DomainError


class OwnRoles(DomainError):
    code = "own_roles"
    message = "Nobody changes their own roles; ask another administrator."
    http_status = 403


class LastAdministrator(DomainError):
    code = "last_administrator"
    message = "{person} is the last active administrator. Appoint another one first."


class RoleInUse(DomainError):
    code = "role_in_use"
    message = "{person} still is {uses}. Hand that over first."


class RoleHeld(DomainError):
    code = "role_held"
    message = "{person} has the role {role} already."


class RoleNotHeld(DomainError):
    code = "role_not_held"
    message = "{person} does not have the role {role}."


class Inactive(DomainError):
    code = "inactive"
    message = "{person} is deactivated. Activate the account first."


class TooManyAttempts(DomainError):
    code = "too_many_attempts"
    message = "Too many failed logins. Try again in {minutes} min."
    http_status = 429


class TokenLifetime(DomainError):
    code = "token_lifetime"
    message = "A token lives 1 to {limit} days."
    http_status = 422
