"""Uploading documents and confirming what is taken from them."""

import re

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView

import llm
from synapse.common.errors import Invalid
from synapse.planning import rules, selectors, tasks
from synapse.planning.dictionary.headings import role_label
from synapse.planning.forms import ColumnsForm, ConfirmForm, UploadForm
from synapse.planning.services import drafting, flagging, importing, texts
from synapse.planning.services.comparing import compare
from synapse.planning.services.drafting import OPERATION
from synapse.planning.services.importing import Choices
from synapse.planning.states import DocumentKind
from synapse.planning.views.base import PlanMixin

SHOWN_FIELDS = 500
SAMPLES = 3

_ACCEPTED = re.compile(r"(\d{1,9}):(\d{1,18})")


def accepted_rows(sent: list[str]) -> dict[int, int]:
    """The rows ticked in a form, each "row:attribute"."""
    pairs = [_ACCEPTED.fullmatch(pair) for pair in sent]
    if None in pairs:
        raise Invalid(reason="A ticked row can't be read. Reload the page and tick again.")
    return {int(pair[1]): int(pair[2]) for pair in pairs}


class DocumentUploadView(PlanMixin, FormView):
    form_class = UploadForm
    template_name = "planning/document_upload.html"

    def get_initial(self):
        return {"kind": self.request.GET.get("kind", DocumentKind.DICTIONARY)}

    def form_valid(self, form):
        rules.require_editable(self.request.user, self.plan)
        data = form.cleaned_data
        document, _ = tasks.take_in(
            cycle_report=self.plan.cycle_report,
            kind=data["kind"],
            name=data["file"].name,
            content=data["file"].read(),
            actor=self.request.user,
            mapping={"name": data["name_column"]} if data["name_column"] else None,
        )
        url = reverse("planning:document_detail", args=[self.plan.pk, document.pk])
        return redirect(f"{url}?name_column={data['name_column']}" if data["name_column"] else url)


class DocumentMixin(PlanMixin):
    """One document of the plan's cycle-report."""

    @property
    def document(self):
        documents = selectors.visible_documents(self.request.user)
        return get_object_or_404(
            documents, pk=self.kwargs["document"], cycle_report=self.plan.cycle_report
        )


class DocumentDetailView(DocumentMixin, FormView):
    """What the document would do to the plan, and the button that does it."""

    pages = {
        DocumentKind.DICTIONARY: "planning/dictionary_confirm.html",
        DocumentKind.SPECIFICATION: "planning/specification_confirm.html",
        DocumentKind.CDE_LIST: "planning/list_confirm.html",
        DocumentKind.ISSUE_LIST: "planning/list_confirm.html",
    }

    def get_template_names(self):
        return [self.pages[self.document.kind]]

    def get_form(self, form_class=None):
        sent = self.request.POST if self.request.method == "POST" else None
        if self.document.kind != DocumentKind.DICTIONARY:
            return ConfirmForm(sent)
        self.look = importing.read(self.document, self._sent(), look=True)
        return ColumnsForm(sent, dictionary=self.look)

    def _sent(self) -> Choices:
        """The choices of the address or the form, before the columns are known."""
        sent = self.request.POST or self.request.GET
        named = sent.get("name_column", "")
        return Choices(
            mapping={"name": named} if named else {},
            sheet=sent.get("sheet", ""),
            schedule=sent.get("schedule", ""),
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(document=self.document, **kwargs)
        kind = self.document.kind
        if kind == DocumentKind.DICTIONARY:
            context |= self._dictionary()
        elif kind == DocumentKind.SPECIFICATION:
            context |= self._specification()
        else:
            context["matches"] = flagging.match_list(self.plan, self.document)
        return context

    def _specification(self) -> dict:
        document = self.document
        told = {"provider": llm.provider_label(OPERATION), "taken": texts.facts_of(document)}
        if texts.needs_taking(document):
            return told | {"live_job": tasks.text_job(document), "waits": True}
        return told | {"parts": len(drafting.parts_of(document))}

    def _dictionary(self) -> dict:
        dictionary = self.look
        below = [row for row in dictionary.table.rows if row.number > dictionary.header_row]
        columns = [
            {
                "heading": column.heading,
                "role": role_label(column.role) if column.role else "",
                "confidence": round(column.confidence * 100),
                "field": f"column_{column.index}",
                "samples": [
                    row.cells[column.index][:60]
                    for row in below
                    if len(row.cells) > column.index and row.cells[column.index]
                ][:SAMPLES],
            }
            for column in dictionary.columns
            if column.heading
        ]
        return {
            "dictionary": dictionary,
            "columns": columns,
            "fields": dictionary.fields[:SHOWN_FIELDS],
            "more": max(0, len(dictionary.fields) - SHOWN_FIELDS),
            "comparison": compare(self.plan, dictionary),
        }

    def form_valid(self, form):
        kind = self.document.kind
        if kind == DocumentKind.DICTIONARY:
            return self._import(form)
        if kind == DocumentKind.SPECIFICATION:
            tasks.start_drafting(plan=self.plan, document=self.document, actor=self.request.user)
            messages.success(self.request, "Drafting was started; you can leave this page.")
            return redirect(self.plan)
        result = flagging.apply_list(
            plan=self.plan,
            document=self.document,
            actor=self.request.user,
            accepted=accepted_rows(self.request.POST.getlist("accept")),
        )
        counts = result.counts
        messages.success(
            self.request,
            f"{counts['applied']} flagged, {counts['known']} known before, "
            f"{counts['unmatched']} rows left without an attribute.",
        )
        return redirect(self.plan)

    def _import(self, form):
        shown = {field.name for field in self.look.fields[:SHOWN_FIELDS]}
        chosen = set(self.request.POST.getlist("key"))
        chosen |= {name for name in self.look.proposed_keys if name not in shown}
        keys = [field.name for field in self.look.fields if field.name in chosen]
        asked = {"plan": self.plan, "document": self.document, "actor": self.request.user}
        choices = Choices(
            mapping=form.mapping(),
            sheet=form.cleaned_data.get("sheet", ""),
            schedule=form.cleaned_data.get("schedule", ""),
            keys=keys,
        )
        if tasks.is_large(self.document):
            tasks.start_import(**asked, choices=choices)
            messages.success(self.request, "The import was started; you can leave this page.")
            return redirect(self.plan)
        result = importing.import_dictionary(**asked, choices=choices)
        counts = result.counts
        messages.success(
            self.request,
            f"{counts['added']} attributes added, {counts['changed']} changed, "
            f"{counts['unchanged']} unchanged.",
        )
        return redirect(self.plan)
