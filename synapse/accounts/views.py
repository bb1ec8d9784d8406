"""Pages of people (for administrators) and of one's own tokens."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import DetailView, View

from synapse.accounts import forms
from synapse.accounts.filters import UserFilter
from synapse.accounts.models import ApiToken, User
from synapse.accounts.services import roles, tokens, users
from synapse.audit.services import record
from synapse.common.views import FilteredListView, PageMixin, ServiceFormView


class LoginView(auth.LoginView):
    form_class = forms.LoginForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        person = form.get_user()
        record(actor=person, action="user.login", obj=person)
        return super().form_valid(form)


class AdministratorMixin(PageMixin):
    def allowed(self, user) -> bool:
        return user.is_administrator


class UserListView(AdministratorMixin, FilteredListView):
    queryset = User.objects.prefetch_related("grants").order_by("username")
    filterset_class = UserFilter
    template_name = "accounts/user_list.html"
    table_template = "accounts/_user_table.html"


class UserDetailView(AdministratorMixin, DetailView):
    queryset = User.objects.prefetch_related("grants__granted_by", "api_tokens")
    template_name = "accounts/user_detail.html"
    context_object_name = "person"


class UserCreateView(AdministratorMixin, ServiceFormView):
    form_class = forms.UserCreateForm
    template_name = "accounts/user_form.html"
    extra_context = {"heading": "New user", "submit": "Create user"}

    def form_valid(self, form):
        user = users.create_user(actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{user} was created.")
        return redirect("accounts:user_detail", user.pk)


class PersonMixin(AdministratorMixin):
    """A form about one person, who is found by the address."""

    template_name = "accounts/user_form.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(User, pk=kwargs["pk"]) if request.user.is_staff else None

    def get_context_data(self, **kwargs):
        cancel = reverse("accounts:user_detail", args=[self.person.pk])
        return super().get_context_data(person=self.person, cancel_url=cancel, **kwargs)

    def done(self, text: str):
        messages.success(self.request, text)
        return redirect("accounts:user_detail", self.person.pk)


class UserUpdateView(PersonMixin, ServiceFormView):
    form_class = forms.UserEditForm
    extra_context = {"heading": "Edit user"}

    def get_initial(self):
        names = forms.UserForm.base_fields
        own = {name: getattr(self.person, name) for name in names}
        return own | {"expected": self.person.lock_version}

    def form_valid(self, form):
        users.update_user(user=self.person, actor=self.request.user, **form.cleaned_data)
        return self.done("Saved.")


class UserRolesView(PersonMixin, ServiceFormView):
    form_class = forms.RolesForm
    extra_context = {"heading": "Roles", "submit": "Set roles"}

    def get_initial(self):
        roles_now = sorted(self.person.role_codes)
        return {"roles": roles_now, "expected": self.person.lock_version}

    def form_valid(self, form):
        roles.set_roles(user=self.person, actor=self.request.user, **form.cleaned_data)
        return self.done("Roles set.")


class UserPasswordView(PersonMixin, ServiceFormView):
    form_class = forms.PasswordForm
    extra_context = {"heading": "Set password", "submit": "Set password"}

    def form_valid(self, form):
        users.set_password(user=self.person, actor=self.request.user, **form.cleaned_data)
        return self.done("Password set.")


class UserDeactivateView(PersonMixin, ServiceFormView):
    form_class = forms.ReasonForm
    extra_context = {
        "heading": "Deactivate",
        "submit": "Deactivate",
        "danger": True,
        "intro": "The person can't log in any more; sessions and API tokens end at once.",
    }

    def form_valid(self, form):
        users.deactivate_user(user=self.person, actor=self.request.user, **form.cleaned_data)
        return self.done(f"{self.person} was deactivated.")


class UserActivateView(PersonMixin, View):
    def post(self, request, *args, **kwargs):
        users.activate_user(user=self.person, actor=request.user)
        return self.done(f"{self.person} was activated. Old tokens stay revoked.")


class OwnPasswordView(PageMixin, auth.PasswordChangeView):
    template_name = "accounts/user_form.html"
    extra_context = {"heading": "Change password", "submit": "Change password"}

    def form_valid(self, form):
        password = form.cleaned_data["new_password1"]
        user = users.set_password(
            user=self.request.user, password=password, actor=self.request.user
        )
        update_session_auth_hash(self.request, user)
        messages.success(self.request, "Password changed. Other sessions ended.")
        return redirect("cycles:home")


class TokenListView(ServiceFormView):
    """One's own tokens; a new one's text is in the answer to its creation and nowhere else."""

    form_class = forms.TokenForm
    template_name = "accounts/token_list.html"

    def get_context_data(self, **kwargs):
        own = self.request.user.api_tokens.all()
        return super().get_context_data(tokens=own, **kwargs)

    def form_valid(self, form):
        token, text = tokens.create_token(user=self.request.user, **form.cleaned_data)
        context = self.get_context_data(form=self.form_class(), new_token=token, token_text=text)
        response = render(self.request, self.template_name, context)
        response["Cache-Control"] = "no-store"
        return response


class TokenRevokeView(PageMixin, View):
    def post(self, request, *args, **kwargs):
        token = get_object_or_404(ApiToken, pk=kwargs["pk"], user=request.user)
        tokens.revoke_token(token=token, actor=request.user)
        messages.success(request, f"{token.name} was revoked.")
        return redirect("accounts:token_list")
