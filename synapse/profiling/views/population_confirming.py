"""The page on which a tester sees how a file is read, mends it and lets it be imported."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.functional import cached_property

from synapse.common.views import ServiceFormView
from synapse.profiling import population_page as page
from synapse.profiling import rules
from synapse.profiling.columns import names_of
from synapse.profiling.population import UnreadablePopulation
from synapse.profiling.population_forms import MatchForm, ReadingForm
from synapse.profiling.services import populations
from synapse.profiling.services.understanding import approved_plan, attributes_of, look_again
from synapse.profiling.tasks.importing import require_idle, start_import
from synapse.profiling.views.population_mixin import PopulationMixin

# What is to be mended where, by the code of the refusal.
FIELD_AT_FAULT = {
    "undecodable_population": "encoding",
    "unknown_encoding": "encoding",
    "nul_bytes": "encoding",
    "mixed_delimiters": "delimiter",
    "invalid_delimiter": "delimiter",
    "too_many_columns": "delimiter",
    "unknown_sheet": "sheet",
    "no_records": "skip",
}


class PopulationConfirmView(PopulationMixin, ServiceFormView):
    """Looked at anew whenever the reading was changed, so nothing is imported unseen."""

    form_class = ReadingForm
    template_name = "profiling/population_confirm.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rules.require_upload(request.user, self.population.cycle_report)
            populations.require_whole(self.population)
            populations.require_unfinished(self.population)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def attributes(self):
        return attributes_of(approved_plan(self.population.cycle_report))

    @cached_property
    def look(self):
        return look_again(self.population)

    def get_initial(self):
        return {"expected": self.population.lock_version}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"reading": self.look.reading}

    def get_context_data(self, **kwargs):
        look, errors = kwargs.pop("look", self.look), kwargs.pop("errors", None)
        names = names_of(self.attributes)
        rows = page.looked_at(look, names, kwargs.pop("typed", None), errors)
        missing = [each for each in self.attributes if each.pk in set(look.match.missing)]
        return super().get_context_data(
            look=look,
            beginning=page.beginning(look.reading),
            rows=rows,
            names=[(names[each.pk], each.name) for each in self.attributes],
            missing=[each for each in missing if not each.is_key],
            missing_keys=[each for each in missing if each.is_key],
            unlike=sum(bool(row["unlike"]) for row in rows),
            same_file=page.same_file(self.population),
            wrong=[row for row in rows if row["error"]],
            spare=[row for row in rows if row["column"].attribute_id is None and not row["error"]],
            **kwargs,
        )

    def form_valid(self, form):
        sent = self.request.POST
        # Enter in a field presses the first button, so only the button itself imports.
        asked = sent.get("action") != "import"
        changes = form.changes()
        try:
            look = look_again(self.population, changes=changes)
        except UnreadablePopulation as error:
            return self._refused(form, error)
        if form.touched():
            return self._again(look, form, reread=not asked)
        matched = MatchForm(sent, look.match.columns, self.attributes)
        if matched.errors:
            return self._again(look, form, typed=sent, errors=matched.errors)
        if asked:
            look = look_again(self.population, changes=changes, chosen=matched.chosen)
            return self._again(look, form)
        require_idle(self.population)
        confirmed = populations.confirm(
            population=self.population,
            actor=self.request.user,
            lock_version=form.cleaned_data["expected"],
            reading=changes,
            matches=matched.chosen,
        )
        start_import(population=confirmed, actor=self.request.user)
        messages.success(self.request, "The import was started; you can leave this page.")
        return redirect(confirmed)

    def form_invalid(self, form):
        """What was shown stays, with what was typed beside its columns."""
        context = {"form": form, "typed": self.request.POST}
        if form.cleaned_data.get("shown"):
            context["look"] = look_again(self.population, changes=form.as_shown())
        return self.render_to_response(self.get_context_data(**context))

    def _again(self, look, form, **context):
        """A fresh form: what was found along with what was changed stands in it."""
        expected = {"expected": form.cleaned_data["expected"]}
        fresh = self.form_class(reading=look.reading, initial=expected)
        return self.render_to_response(self.get_context_data(form=fresh, look=look, **context))

    def _refused(self, form, error):
        field = FIELD_AT_FAULT.get(error.code)
        form.add_error(field if field in form.fields else None, error.message)
        response = self.form_invalid(form)
        response.status_code = error.http_status
        return response
