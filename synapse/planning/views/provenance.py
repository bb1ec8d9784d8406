"""Where an attribute comes from: its place in the document, and what a person does without one."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import TemplateView

from synapse.common.views import ServiceFormView
from synapse.planning import rules, selectors
from synapse.planning.errors import NoText
from synapse.planning.forms import SettleForm
from synapse.planning.services.settling import settle_attribute
from synapse.planning.services.sources import has_text, passage_of
from synapse.planning.states import DocumentKind, Support
from synapse.planning.views.attributes import AttributeMixin


class AttributeSourceView(AttributeMixin, TemplateView):
    """The text of the document around the attribute's quote."""

    template_name = "planning/attribute_source.html"

    def get_context_data(self, **kwargs):
        attribute = self.attribute
        if not has_text(attribute):
            raise NoText(name=attribute.name)
        calls = selectors.visible_calls(self.request.user, [attribute.llm_call_id])
        # Over what stands in the address: the attribute's number.
        return super().get_context_data(**kwargs) | {
            "attribute": attribute,
            "document": attribute.document,
            "passage": passage_of(attribute),
            "call_visible": bool(calls),
        }


class AttributeSettleView(AttributeMixin, ServiceFormView):
    """Asks for a passage or a note; saved only over what the person has seen."""

    form_class = SettleForm
    template_name = "planning/attribute_settle.html"

    def get_form_kwargs(self):
        rules.require_editable(self.request.user, self.plan)
        texts = selectors.documents(self.plan).filter(kind=DocumentKind.SPECIFICATION)
        with_note = self.attribute.support != Support.SUPPORTED
        return super().get_form_kwargs() | {"documents": texts, "with_note": with_note}

    def get_initial(self):
        attribute = self.attribute
        return {
            "expected": attribute.lock_version,
            "document": attribute.document_id,
            "note": attribute.support_note,
        }

    def get_context_data(self, **kwargs):
        attribute = self.attribute
        return super().get_context_data(attribute=attribute, has_text=has_text(attribute), **kwargs)

    def form_valid(self, form):
        sent = form.cleaned_data
        attribute = settle_attribute(
            attribute=self.attribute,
            actor=self.request.user,
            lock_version=sent["expected"],
            note=sent.get("note", ""),
            quote=sent["quote"],
            document=sent["document"],
        )
        messages.success(self.request, f"“{attribute}” is {attribute.get_support_display()}.")
        return redirect(attribute)
