"""Forms of people and tokens: shape only, services decide."""

import logging

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from synapse.accounts import throttle
from synapse.accounts.errors import TooManyAttempts
from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.accounts.services.tokens import DEFAULT_DAYS, MAX_DAYS
from synapse.common.views import ExpectedForm

log = logging.getLogger(__name__)


class LoginForm(AuthenticationForm):
    """Counts failures and refuses further tries before it looks at the password."""

    def clean(self):
        username = self.cleaned_data.get("username") or ""
        ip = self.request.META.get("REMOTE_ADDR", "")
        try:
            throttle.require_attempt(username, ip)
        except TooManyAttempts as error:
            raise ValidationError(error.message, code=error.code) from None
        try:
            cleaned = super().clean()
        except ValidationError:
            throttle.note_failure(username, ip)
            # As a literal, so that a name can't forge a line of the log.
            log.warning("failed login of %r from %s", username[:150], ip)
            raise
        throttle.note_success(username, ip)
        return cleaned


class UserForm(forms.Form):
    username = forms.CharField(max_length=150, validators=[User.username_validator])
    first_name = forms.CharField(max_length=150, required=False)
    last_name = forms.CharField(max_length=150, required=False)
    email = forms.EmailField(max_length=254)


class UserCreateForm(UserForm):
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        required=False,
        help_text="At least 12 characters. Without one nobody can log in until it is set.",
    )
    roles = forms.MultipleChoiceField(
        choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class UserEditForm(ExpectedForm, UserForm):
    """The same of a person who exists."""


class RolesForm(ExpectedForm):
    roles = forms.MultipleChoiceField(
        choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class PasswordForm(forms.Form):
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. The person's sessions end.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="What it is for.")
    days = forms.IntegerField(
        min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS, label="Days it lives"
    )
