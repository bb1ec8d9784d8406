"""Forms of the spine: shape only, services decide."""

from django import forms

from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.common.views import ExpectedForm
from synapse.cycles.models import Report, TestCycle
from synapse.cycles.selectors import people_with


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


# A longer list is no help to choose from, and slow: then one types the name instead.
MAX_CHOICES = 200


class ChoiceOrNameField(forms.ModelChoiceField):
    """A list to choose from while it is short, else a field for the unique name."""

    def __init__(self, *, by: str, **options):
        self.by = by
        super().__init__(queryset=options.pop("queryset", User.objects.none()), **options)

    def fill(self, queryset) -> None:
        self.queryset = queryset
        if queryset[MAX_CHOICES : MAX_CHOICES + 1]:
            self.to_field_name = self.by
            self.help_text = f"{self.help_text} Type the {self.by}.".strip()
            self.widget = forms.TextInput()
            self.widget.is_required = self.required


class PersonField(ChoiceOrNameField):
    """Somebody active who has the role."""

    def __init__(self, role: str, **options):
        self.role = role
        super().__init__(by="username", **options)


class PeopleForm(forms.Form):
    """Reads who may be chosen when the form is made, not when the module is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.fill(people_with(field.role))


class ReportForm(PeopleForm):
    number = forms.CharField(max_length=40)
    name = forms.CharField(max_length=200)
    regulation = forms.CharField(max_length=120, required=False)
    schedule = forms.CharField(max_length=80, required=False)
    frequency = forms.ChoiceField(choices=Report.Frequency.choices)
    owner = PersonField(Role.REPORT_OWNER, help_text="Approves what is tested and how.")
    executive = PersonField(Role.REPORT_EXECUTIVE, required=False)
    is_active = forms.BooleanField(required=False, initial=True, label="In use")


class CycleForm(forms.Form):
    name = forms.CharField(max_length=120)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    starts_on = forms.DateField(widget=DateInput)
    ends_on = forms.DateField(widget=DateInput)


class CycleEditForm(ExpectedForm, PeopleForm, CycleForm):
    executive = PersonField(
        Role.TEST_EXECUTIVE, required=False, help_text="Empty: who leads it now."
    )
    status = forms.ChoiceField(choices=TestCycle.Status.choices)


class ReportEditForm(ExpectedForm, ReportForm):
    """The same of a report that exists."""


class CycleReportForm(PeopleForm):
    """A report that is not in the cycle yet, and who tests it."""

    report = ChoiceOrNameField(by="number", queryset=Report.objects.none())
    tester = PersonField(Role.TESTER)

    def __init__(self, *args, cycle: TestCycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["report"].fill(
            Report.objects.filter(is_active=True).exclude(cycle_reports__cycle=cycle)
        )


class TesterForm(ExpectedForm, PeopleForm):
    tester = PersonField(Role.TESTER)
    reason = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))


class PhasePlanForm(ExpectedForm):
    planned_start = forms.DateField(widget=DateInput)
    planned_end = forms.DateField(widget=DateInput)
