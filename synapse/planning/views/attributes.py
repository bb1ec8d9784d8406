"""Writing, changing and flagging single attributes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from synapse.common.queries import number_in
from synapse.common.views import ExpectedForm, ServiceFormView
from synapse.planning import rules
from synapse.planning.forms import AttributeForm, IssueForm
from synapse.planning.services import issues
from synapse.planning.services.editing import add_attribute, delete_attribute, edit_attribute
from synapse.planning.views.base import PlanMixin


class AttributeMixin(PlanMixin):
    """One attribute of the plan."""

    @property
    def attribute(self):
        attributes = self.plan.attributes.select_related("document", "noted_by")
        return get_object_or_404(attributes, pk=self.kwargs["attribute"])


class AttributeFormView(PlanMixin, ServiceFormView):
    form_class = AttributeForm
    template_name = "planning/attribute_form.html"

    def get_form_kwargs(self):
        rules.require_editable(self.request.user, self.plan)
        return super().get_form_kwargs() | {"plan": self.plan}


class AttributeCreateView(AttributeFormView):
    extra_context = {"heading": "Add an attribute", "submit": "Add"}

    def form_valid(self, form):
        attribute = add_attribute(plan=self.plan, actor=self.request.user, **form.values())
        messages.success(self.request, f"“{attribute}” was added.")
        return redirect(attribute)


class AttributeEditView(AttributeMixin, AttributeFormView):
    extra_context = {"heading": "Edit the attribute", "submit": "Save"}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.attribute}

    def form_valid(self, form):
        attribute = edit_attribute(
            attribute=self.attribute,
            actor=self.request.user,
            lock_version=form.cleaned_data["lock_version"],
            **form.values(),
        )
        messages.success(self.request, f"“{attribute}” was saved.")
        return redirect(attribute)


class AttributeDeleteView(AttributeMixin, ServiceFormView):
    form_class = ExpectedForm
    template_name = "planning/confirm.html"

    def get_initial(self):
        return {"expected": self.attribute.lock_version}

    def get_context_data(self, **kwargs):
        attribute = self.attribute
        return super().get_context_data(
            question=f"Delete “{attribute}” from {self.plan}?",
            effect="Approved versions keep theirs. The trail shows who deleted it.",
            submit="Delete",
            danger=True,
            cancel_url=attribute.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        attribute = self.attribute
        delete_attribute(
            attribute=attribute,
            actor=self.request.user,
            lock_version=form.cleaned_data["expected"],
        )
        messages.success(self.request, f"“{attribute}” was deleted.")
        return redirect(self.plan)


class AttributeFlagView(AttributeMixin, View):
    """Sets or takes one flag: `is_key` or `is_cde`, as the form says."""

    flags = ("is_key", "is_cde")

    def post(self, request, *args, **kwargs):
        sent = request.POST
        attribute = edit_attribute(
            attribute=self.attribute,
            actor=request.user,
            lock_version=number_in(sent.get("lock_version")),
            **{name: sent[name] == "true" for name in self.flags if name in sent},
        )
        return redirect(attribute)


class IssueCreateView(AttributeMixin, ServiceFormView):
    form_class = IssueForm
    template_name = "planning/attribute_form.html"
    extra_context = {"heading": "Note a historical issue", "submit": "Note"}

    def form_valid(self, form):
        attribute = self.attribute
        issues.add_issue(attribute=attribute, actor=self.request.user, **form.cleaned_data)
        return redirect(attribute)


class IssueStatusView(AttributeMixin, View):
    def post(self, request, *args, **kwargs):
        attribute = self.attribute
        issue = get_object_or_404(attribute.issues, pk=kwargs["issue"])
        issues.set_issue_status(
            issue=issue, actor=request.user, status=request.POST.get("status", "")
        )
        return redirect(attribute)
