"""Writing, changing, switching and deleting rules of a draft; each view calls one service."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.views import View

from synapse.common.errors import Invalid
from synapse.common.views import ExpectedForm, ServiceFormView, filtered
from synapse.profiling import rule_page as page
from synapse.profiling import rulebook
from synapse.profiling.rule_columns import columns_for
from synapse.profiling.rule_forms import RuleForm, SwitchForm, at_fields
from synapse.profiling.rule_kinds import KINDS
from synapse.profiling.rule_panel import panel
from synapse.profiling.services import rule_editing
from synapse.profiling.views.rule_sets.base import DraftMixin, RuleSetMixin


class RuleFormView(DraftMixin, ServiceFormView):
    """The form of one rule, with each kind explained beside it."""

    form_class = RuleForm
    template_name = "profiling/rule_form.html"
    heading = submit = ""

    @property
    def columns(self) -> list[str]:
        return [column.name for column in columns_for(self.rule_set)]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"columns": self.columns}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            heading=self.heading,
            submit=self.submit,
            columns=self.columns,
            kinds=KINDS,
            cancel_url=self.rule_set.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        try:
            rule = self.save(form)
        except rulebook.InvalidRule as error:
            error.errors = at_fields(error.errors)
            raise
        messages.success(self.request, f"Rule “{rule}” was saved.")
        return redirect(rule)


class RuleCreateView(RuleFormView):
    heading, submit = "Add a rule", "Add"

    def save(self, form):
        return rule_editing.add_rule(
            rule_set=self.rule_set, actor=self.request.user, **form.values()
        )


class RuleEditView(RuleFormView):
    heading, submit = "Edit the rule", "Save"

    def get_initial(self):
        rule = self.get_rule(self.kwargs["rule"])
        names = (*rule_editing.EDITABLE, "lock_version")
        return {name: getattr(rule, name) for name in names}

    def get_context_data(self, **kwargs):
        rule = self.get_rule(self.kwargs["rule"])
        stored = rulebook.sentence(rule.as_rule())
        return super().get_context_data(rule=rule, stored=stored, **kwargs)

    def save(self, form):
        return rule_editing.edit_rule(
            rule=self.get_rule(self.kwargs["rule"]),
            actor=self.request.user,
            lock_version=form.cleaned_data["lock_version"],
            **form.values(),
        )


class RuleDeleteView(DraftMixin, ServiceFormView):
    form_class = ExpectedForm
    template_name = "profiling/rule_confirm.html"

    def get_initial(self):
        return {"expected": self.get_rule(self.kwargs["rule"]).lock_version}

    def get_context_data(self, **kwargs):
        rule = self.get_rule(self.kwargs["rule"])
        return super().get_context_data(
            question=f"Delete rule “{rule}”?",
            effect=f"{rulebook.sentence(rule.as_rule())} Approved versions keep theirs, and the "
            "trail shows who deleted it. A rule that is only switched off can be switched on.",
            submit="Delete",
            danger=True,
            cancel_url=rule.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        rule = self.get_rule(self.kwargs["rule"])
        rule_editing.delete_rule(
            rule=rule, actor=self.request.user, lock_version=form.cleaned_data["expected"]
        )
        messages.success(self.request, f"Rule “{rule}” was deleted.")
        return redirect(self.rule_set)


class RuleSwitchView(RuleSetMixin, View):
    """One rule on or off. htmx gets the panel with the row and the figures beside it."""

    def post(self, request, pk, rule):
        found = self.get_rule(rule)
        enabled = request.POST.get("enabled", "")
        if enabled not in ("true", "false"):
            raise Invalid(reason="Say whether the rule is switched on or off.")
        rule_editing.switch_rules(
            rule_set=self.rule_set,
            actor=request.user,
            rule_ids=[found.pk],
            enabled=enabled == "true",
        )
        query = QueryDict(request.POST.get("query", ""))
        [row] = page.told([self.get_rule(rule)], self.rule_set, query)
        if not request.htmx:
            return redirect(row.address)
        context = page.review(self.rule_set, request.user) | panel(self.rule_set, row)
        context |= {"row": row, "query": page.list_query(query)}
        return render(request, "profiling/_rule_switched.html", context)


class RuleBulkSwitchView(RuleSetMixin, View):
    """The ticked rules, or all that the filter in the address finds, on or off."""

    def post(self, request, pk):
        rule_set, form = self.rule_set, SwitchForm(request.POST)
        if not form.is_valid():
            raise Invalid(reason="Tick rules, and say whether they are switched on or off.")
        data = form.cleaned_data
        ids = data["item"]
        if data["matching"]:
            ids = list(filtered(self.filterset).values_list("pk", flat=True))
        count = rule_editing.switch_rules(
            rule_set=rule_set, actor=request.user, rule_ids=ids, enabled=data["enabled"]
        )
        word = "on" if data["enabled"] else "off"
        messages.success(request, f"{count} rule{'' if count == 1 else 's'} switched {word}.")
        query = page.list_query(request.GET)
        return redirect(rule_set.get_absolute_url() + (f"?{query}" if query else ""))
