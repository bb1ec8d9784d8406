"""Profiling, scoping and sampling of made-up records in pages, by clicking."""

import json

from playwright.sync_api import Page, expect

from synapse.cycles.phases import PhaseKind
from synapse.profiling.models import Population, Profile, RuleSet
from synapse.sampling.models import SampleSet
from synapse.scoping.models import Scope
from tests.browser import steps
from tests.browser.steps import approve, follow, picture, press, primary, start_job, submit
from tests.browser.world import phase_of

RECORDS = 300
SHORT = 41
"""The record whose line ends too early; its line is the next one, after the headings."""
HEADING, MISNAMED = "CycleEndingBalance", "Saldo at the end"
BALANCE = "Cycle Ending Balance"
EDITED = "PromotionalAPR"
CONDITION = {
    "if": {"attribute": "PromotionFlag", "is": "not_in", "values": ["0"]},
    "then": {"attribute": EDITED, "is": "not_blank"},
}
SAMPLES = 20
REASON = "Tested in the cycle before."


def approved_by_another(tester: Page, owner: Page, version) -> None:
    submit(tester, version)
    steps.refused_to_own_submitter(tester, version)
    approve(owner, version)
    owner.goto(version.get_absolute_url())
    picture(owner, f"{version._meta.model_name}-approved")


def upload(page: Page, world, path) -> Population:
    phase = phase_of(world.cycle_report, PhaseKind.PROFILING)
    steps.start_phase(page, phase)
    picture(page, "profiling-started")
    follow(page, "/population/")
    page.set_input_files("[name=file]", path)
    press(page)
    page.wait_for_url("**/confirm/")
    return Population.objects.get(cycle_report=world.cycle_report)


def mend_and_import(page: Page, population: Population) -> None:
    """The separator is found; the heading that nobody knows is matched by hand."""
    expect(page.locator("[name=delimiter]")).to_have_value("|")
    expect(page.locator("main")).to_contain_text("118 columns in")
    picture(page, "population-looked-at")
    match = page.get_by_label(MISNAMED)
    expect(match).not_to_be_in_viewport()
    page.locator(".banner").get_by_role("link", name=MISNAMED).click()
    expect(match).to_be_in_viewport()
    expect(match).to_have_value("")
    match.fill("Balance nobody knows")
    page.get_by_role("button", name="Import").click()
    expect(match).to_have_attribute("aria-invalid", "true")
    picture(page, "population-match-refused")
    match.fill(BALANCE)
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("tr[data-row]", has=match)).to_contain_text("decimal")
    picture(page, "population-mended")
    imported = page.locator("#state .tag.ok", has_text="imported")
    start_job(page, page.get_by_role("button", name="Import"), imported)
    picture(page, "population-imported")
    page.get_by_role("link", name="Rejected rows", exact=False).last.click()
    row = page.locator("tr[data-row]")
    expect(row).to_have_count(1)
    expect(row.locator("[data-label=Record]")).to_have_text(str(SHORT))
    expect(row.locator("[data-label=Line]")).to_have_text(str(SHORT + 1))
    expect(row.locator("th")).to_contain_text("10")
    picture(page, "population-rejected")


def propose(page: Page, world) -> RuleSet:
    phase = phase_of(world.cycle_report, PhaseKind.PROFILING)
    page.goto(phase.get_absolute_url())
    picture(page, "profiling-with-population")
    rows = page.locator("#list tr[data-row]")
    start_job(page, page.get_by_role("button", name="Propose rules"), rows.first)
    picture(page, "rules-proposed")
    rule_set = RuleSet.objects.get(phase=phase)
    assert rule_set.rules.filter(enabled=True).exists()
    return rule_set


def edit_rule(site, page: Page, rule_set: RuleSet) -> None:
    """A proposal that needs a condition gets one: a rate is due where something is promoted."""
    page.goto(rule_set.get_absolute_url())
    page.select_option("[name=needs_condition]", label="yes")
    waiting = rule_set.rules.filter(needs_condition=True).count()
    expect(page.locator("#list tr[data-row]")).to_have_count(waiting)
    expect(page.locator("#list tr[data-row] .tag.warn", has_text="needs a")).to_have_count(waiting)
    page.locator("#list").get_by_role("link", name=f"{EDITED}-not-blank").click()
    expect(page.locator("#panel h2")).to_have_text(f"{EDITED}-not-blank")
    picture(page, "rules-needing-a-condition")
    page.locator("#panel").get_by_role("link", name="Edit").click()
    page.wait_for_url("**/edit/")
    page.select_option("[name=kind]", "if_then")
    page.fill("[name=attributes]", f"PromotionFlag, {EDITED}")
    page.fill("[name=parameters]", '{"if": {"attribute": "PromotionFlag"}}')
    with steps.refusal(site, page):
        press(page)
        expect(page.locator("main .field.invalid [name=parameters]")).to_be_visible()
    picture(page, "rule-refused")
    page.fill("[name=parameters]", json.dumps(CONDITION))
    page.check("[name=enabled]")
    press(page)
    expect(page.locator("#panel h2")).to_have_text(f"{EDITED}-not-blank")
    expect(page.locator("#panel .tag.ok")).to_have_text("on")
    expect(page.locator("#panel")).not_to_contain_text("needs a condition")
    picture(page, "rule-edited")
    assert rule_set.rules.filter(needs_condition=True).count() == waiting - 1


def switch_off(page: Page, rule_set: RuleSet) -> None:
    """One that is on, in its row; figures and row follow."""
    rule = rule_set.rules.filter(enabled=True).exclude(rule_id__startswith=EDITED).first()
    page.goto(rule_set.get_absolute_url())
    row = page.locator(f"#rule-{rule.pk}")
    row.get_by_role("button", name="Switch off").click()
    expect(row.get_by_role("button", name="Switch on")).to_be_visible()
    expect(page.locator("#panel h2")).to_have_text(rule.rule_id)
    rule.refresh_from_db()
    assert not rule.enabled


def run_rules(page: Page, world) -> Profile:
    phase = phase_of(world.cycle_report, PhaseKind.PROFILING)
    page.goto(phase.get_absolute_url())
    picture(page, "profiling-with-rules")
    rows = page.locator("#found tr[data-row]")
    start_job(page, page.get_by_role("button", name="Profile the data"), rows.first)
    expect(page.locator("#state")).to_have_text("finished")
    picture(page, "profile-finished")
    return Profile.objects.get(cycle_report=world.cycle_report)


def read_profile(page: Page, profile: Profile) -> None:
    """The failing records of one rule, then how one column is spread."""
    result = profile.results.filter(failed__gt=0).select_related("rule").first()
    page.goto(profile.get_absolute_url())
    page.keyboard.press("/")
    page.keyboard.type(result.rule.rule_id)
    expect(page.locator("#list tr[data-row]")).to_have_count(1)
    page.locator("#list").get_by_role("link", name=str(result.failed), exact=True).click()
    expect(page.locator("#list .banner")).to_contain_text(
        f"{result.failed} of {result.checked} checked records fail"
    )
    expect(page.locator("#list tr[data-row]")).to_have_count(result.failed)
    picture(page, "profile-failures")
    page.get_by_role("navigation", name="What the profile shows").get_by_role(
        "link", name="Columns"
    ).click()
    page.locator("#list").get_by_role("link", name=HEADING, exact=True).click()
    expect(page.locator("#panel")).to_contain_text(BALANCE)
    picture(page, "profile-column")


def scoped(page: Page, world) -> Scope:
    """Estimates are taken as they come."""
    phase = phase_of(world.cycle_report, PhaseKind.SCOPING)
    steps.start_phase(page, phase)
    page.wait_for_url("**/scopes/*/")
    scope = Scope.objects.get(phase=phase)
    estimates = page.locator("#list").get_by_text("estimated")
    start_job(page, page.get_by_role("button", name="Recommend scope"), estimates.first)
    picture(page, "scope-estimated")
    steps.accept_every_advice(page, scope)
    return scope


def draw(site, page: Page, world) -> SampleSet:
    """Refused at the field at first, then by a job."""
    phase = phase_of(world.cycle_report, PhaseKind.SAMPLING)
    steps.start_phase(page, phase)
    picture(page, "sampling-started")
    follow(page, "/draw/")
    page.fill("[name=size]", str(SAMPLES))
    page.fill("[name=seed]", "7")
    page.fill("[name=mix_clean]", "40")
    with steps.refusal(site, page):
        press(page)
        expect(
            page.locator(".field.invalid", has=page.locator("[name=mix_clean]"))
        ).to_contain_text("add up to 110")
    picture(page, "draw-refused")
    page.fill("[name=mix_clean]", "30")
    start_job(page, primary(page), page.locator("#list tr[data-row]").first)
    picture(page, "samples-drawn")
    return SampleSet.objects.get(phase=phase)


def decide(page: Page, sample_set: SampleSet) -> None:
    """All in at once, then one out with its reason."""
    page.locator("#bulk [name=matching]").check()
    page.locator("#bulk").get_by_role("button", name="In", exact=True).click()
    expect(page.locator("#list .tag.ok", has_text="in")).to_have_count(SAMPLES)
    first, second = list(sample_set.items())[:2]
    page.locator(f"#sample-{first.pk} a[data-open]").click()
    page.locator("#panel [name=reason]").fill(REASON)
    page.locator("#panel").get_by_role("button", name="Out").click()
    expect(page.locator("#list .tag.ok", has_text="in")).to_have_count(SAMPLES - 1)
    expect(page.locator("#panel h2")).to_have_text(f"Record {second.record_no}")
    picture(page, "samples-decided")
