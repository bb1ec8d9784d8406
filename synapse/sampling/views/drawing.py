"""Drawing from the pages: the form of a draw, and the helper for its size."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import TemplateView

from synapse.common.errors import NotAllowed
from synapse.common.views import PageMixin, ServiceFormView
from synapse.cycles import rules as cycle_rules
from synapse.sampling import forms, page, selectors, sizing, tasks
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import drawing
from synapse.sampling.views.base import PhaseMixin, SampleSetMixin


class DrawFormView(ServiceFormView):
    """The options of a draw beside what they are drawn from, and what the size proves."""

    form_class = forms.DrawForm
    template_name = "sampling/draw_form.html"
    phase_of_draw = None

    def get(self, request, *args, **kwargs):
        if not cycle_rules.can_work_on(request.user, self.phase_of_draw.cycle_report):
            raise NotAllowed(action="draw samples of this report")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        standing = page.standing(self.phase_of_draw)
        records = standing["ground"].population.row_count if "ground" in standing else None
        context = super().get_context_data(
            **page.frame(self.phase_of_draw),
            **standing,
            size_form=forms.SizeForm(initial={"population": records}, auto_id="size_%s"),
            **kwargs,
        )
        size = context["form"]["size"].value()
        return context | {"proofs": sizing.proofs_of(size, records)}


class FirstDrawView(PhaseMixin, DrawFormView):
    """A new draft and its draw in one press."""

    @property
    def phase_of_draw(self):
        return self.phase

    def get_initial(self):
        options = DrawOptions().as_json()
        standing = page.standing(self.phase)
        if "ground" in standing:
            options["size"] = min(options["size"], max(standing["ground"].population.row_count, 1))
            if standing["ground"].profile is None:
                options["method"] = "simple_random"
        return options

    def form_valid(self, form):
        sample_set, job = tasks.start_first_draw(
            phase=self.phase, actor=self.request.user, wished=drawing.options_from(form)
        )
        messages.success(self.request, f"{job.title} was started. You can go on working.")
        return redirect(sample_set)


class RedrawView(SampleSetMixin, DrawFormView):
    """Draws into a draft; what was drawn before is replaced only when that is confirmed."""

    @property
    def phase_of_draw(self):
        return self.sample_set.phase

    def get_initial(self):
        return self.sample_set.options.as_json()

    def get_form_kwargs(self):
        drawn = selectors.drawn_of(self.sample_set).count()
        return super().get_form_kwargs() | {"drawn": drawn}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            version=self.sample_set, sample_set=self.sample_set, **kwargs
        )

    def form_valid(self, form):
        job = tasks.start_draw(
            sample_set=self.sample_set,
            actor=self.request.user,
            wished=drawing.options_from(form),
            replace=form.cleaned_data.get("replace", False),
        )
        messages.success(self.request, f"{job.title} was started. You can go on working.")
        return redirect(self.sample_set)


class SampleSizeView(PageMixin, TemplateView):
    """How many records a statement needs, and what a number of records proves."""

    template_name = "sampling/sample_size.html"

    def get_template_names(self):
        part = self.request.headers.get("HX-Target") == "size-answer"
        return ["sampling/_size_answer.html"] if part else [self.template_name]

    def get_context_data(self, **kwargs):
        form = forms.SizeForm(self.request.GET or forms.SizeForm.defaults())
        answer = sizing.answer(**form.cleaned_data) if form.is_valid() else None
        return super().get_context_data(size_form=form, answer=answer, **kwargs)
