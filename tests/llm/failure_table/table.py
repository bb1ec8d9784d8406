"""The table: each failure, how it is provoked, what ours does, and what that may cost at most."""

from dataclasses import dataclass

PARTS = {"policy": "What every operation promises", "mode": "How models fail in the field"}
HERE = "tests/llm/failure_table/"
ANSWERS, JOBS, PHASES = (f"{HERE}test_{name}.py::" for name in ("answers", "jobs", "phases"))


@dataclass(frozen=True)
class Row:
    """One failure; its tests hold the bill of what is `provoked` to these calls and tokens.

    Each test has a cost of its own; the row's is that of its dearest.
    """

    key: str
    part: str
    failure: str
    provoked: str
    ours: str
    tests: tuple[str, ...]
    calls: int
    tokens: int


ROWS = [
    Row(
        "timeout",
        "policy",
        "no answer in time",
        "one item, every call hangs",
        "3 retries by the job, 60, 120, 240 s apart give or take a fifth; then the item has failed",
        (JOBS + "test_a_call_without_answer_is_tried_three_times_more_at_uneven_intervals",),
        calls=4,
        tokens=3_000,
    ),
    Row(
        "throttled",
        "policy",
        "429 or 529",
        "12 items, 8 at once; all are refused for 20 s",
        "the job waits without a worker until a moment it names, and keeps its attempts",
        (
            JOBS
            + "test_a_provider_that_asks_to_slow_down_makes_the_job_wait_and_keeps_its_attempts",
        ),
        calls=20,
        tokens=2_000,
    ),
    Row(
        "refused_key",
        "policy",
        "the key is refused",
        "40 items, 8 at once",
        "the job fails at once and names the setting; beside the calls in flight, 16 may be ahead",
        (JOBS + "test_a_refused_key_ends_the_job_at_once_and_says_where_to_mend_it",),
        calls=24,
        tokens=0,
    ),
    Row(
        "invalid_json",
        "policy",
        "not JSON",
        "a batch of 4, always malformed",
        "2 re-asks that name the errors, then halves, then the item has failed with its reason",
        (PHASES + "test_a_batch_that_is_never_json_is_reasked_halved_and_fails",),
        calls=21,
        tokens=25_000,
    ),
    Row(
        "wrong_items",
        "policy",
        "wrong or missing items",
        "a batch of 4, two of them wrong at first",
        "the right ones are kept; those that are wrong are asked for again, alone",
        (PHASES + "test_only_the_wrong_and_missing_items_are_asked_for_again",),
        calls=2,
        tokens=2_500,
    ),
    Row(
        "truncated",
        "policy",
        "cut off at the token limit",
        "a batch of 4, always cut off",
        "halved down to single items; no request is sent twice",
        (PHASES + "test_a_batch_that_is_always_cut_off_is_halved_and_never_repeated",),
        calls=7,
        tokens=7_000,
    ),
    Row(
        "provider_down",
        "policy",
        "the provider is down",
        "40 items, 8 at once; every call is a 500, later none",
        "the fifth failure opens the circuit, the job waits, one probe closes it, the job goes on",
        (JOBS + "test_a_provider_that_is_down_is_left_alone_and_the_job_goes_on_after_one_probe",),
        calls=52,
        tokens=6_000,
    ),
    Row(
        "runaway_cost",
        "policy",
        "cost without end",
        "40 items, a budget for a part of them",
        "tokens are reserved before a call and settled after it; the job stops at the limit",
        (JOBS + "test_a_spent_budget_ends_the_job_and_is_never_passed",),
        calls=38,
        tokens=5_000,
    ),
    Row(
        "personal_data",
        "policy",
        "personal data in a prompt",
        "a specification with the numbers of a card, an account and a person; undeclared values",
        "numbers are masked in what is sent and kept; what isn't declared isn't sent at all",
        (
            PHASES + "test_numbers_of_persons_are_neither_sent_nor_kept",
            "tests/llm/test_outgoing.py::test_the_refusal_comes_before_anything_is_sent_or_written",
        ),
        calls=1,
        tokens=1_200,
    ),
    Row(
        "amplified_reasks",
        "mode",
        "re-asks that grow with each re-ask",
        "18 items, three malformed answers",
        "a re-ask carries the first request, the last answer cut to 6,000 characters, its errors",
        (ANSWERS + "test_reasks_carry_the_last_answer_only_however_long_it_is",),
        calls=3,
        tokens=3_000,
    ),
    Row(
        "repeated_truncation",
        "mode",
        "the same request again after it was cut off",
        "one item of a job, cut off",
        "never sent again, by no retry; it is split, or has failed",
        (ANSWERS + "test_one_that_was_cut_off_is_never_asked_again_as_it_was",),
        calls=1,
        tokens=200,
    ),
    Row(
        "chopped",
        "mode",
        "cut between two items, so valid",
        "two items, the second cut off, brackets closed",
        "the finish reason is read first: cut off, not kept, split",
        (
            ANSWERS + "test_a_chopped_answer_is_no_answer_although_it_is_valid",
            PHASES + "test_a_chopped_batch_is_halved_and_nothing_is_missing",
        ),
        calls=3,
        tokens=3_500,
    ),
    Row(
        "looping",
        "mode",
        "a loop at temperature 0",
        "repeats itself up to the limit, or drips for ever",
        "ends at the prompt's own token limit, or at the timeout; cut off, and not asked again",
        (
            ANSWERS + "test_a_looping_answer_ends_at_the_token_limit",
            ANSWERS + "test_a_loop_that_drips_ends_at_the_timeout",
        ),
        calls=1,
        tokens=750,
    ),
    Row(
        "inner_retries",
        "mode",
        "inner tries without end under counted outer ones",
        "one item, malformed for ever",
        "3 tries inside, and what they end by is not tried again outside",
        (ANSWERS + "test_inner_tries_are_three_whatever_stands_around_them",),
        calls=3,
        tokens=750,
    ),
    Row(
        "throttled_storm",
        "mode",
        "all workers return at once after a 429",
        "12 jobs at once, told to come back in 20 s",
        "one is told by the provider, 11 by the shared circuit; each comes back at its own moment",
        (JOBS + "test_jobs_that_were_told_to_slow_down_together_do_not_return_together",),
        calls=13,
        tokens=2_000,
    ),
    Row(
        "multiplied_retries",
        "mode",
        "retries of SDK, job and re-ask multiplied",
        "one item: malformed twice, then a 500, for ever",
        "the SDK tries once: 4 attempts of the job with 3 calls each are the most there can be",
        (JOBS + "test_retries_and_reasks_and_the_sdk_together_make_twelve_calls_at_most",),
        calls=12,
        tokens=1_800,
    ),
    Row(
        "delivered_twice",
        "mode",
        "a job delivered twice is paid twice",
        "8 items, the job in three workers at once, and once more",
        "one claim counts; answers are keyed by job and item, and each is asked for once",
        (JOBS + "test_a_job_delivered_twice_asks_each_item_once",),
        calls=8,
        tokens=1_300,
    ),
    Row(
        "other_names",
        "mode",
        "invented names, or spelled otherwise",
        "fields drafted as LOAN  NUMBER, and one the text lacks",
        "matched to the text without case and spaces, never twice; what the text lacks is refused",
        (PHASES + "test_names_in_another_spelling_are_the_same_and_invented_ones_are_refused",),
        calls=2,
        tokens=2_500,
    ),
    Row(
        "moved_alias",
        "mode",
        "a model's name comes to stand for another",
        "the second of three answers names another model",
        "the returned name is on each call; log, doctor and the calls page tell of the change",
        (
            ANSWERS + "test_a_name_that_answers_as_another_model_is_recorded_and_told",
            "tests/llm/test_viewer.py::test_a_change_behind_a_name_is_marked",
        ),
        calls=3,
        tokens=500,
    ),
    Row(
        "stale_cache",
        "mode",
        "a wrong answer kept for ever",
        "the same question under a changed schema, or stricter validators",
        "the key holds schema, prompt, model and parameters; a kept answer is validated again",
        (
            ANSWERS + "test_a_changed_schema_is_not_answered_from_the_cache",
            ANSWERS + "test_a_kept_answer_that_stricter_rules_refuse_is_asked_for_anew",
        ),
        calls=2,
        tokens=350,
    ),
    Row(
        "told_secrets",
        "mode",
        "secrets in traces",
        "an endpoint that tells the key back, at every level of the log",
        "the key is in no row, log, error, trace or page",
        (PHASES + "test_the_key_is_nowhere_although_the_endpoint_tells_it_back",),
        calls=2,
        tokens=0,
    ),
    Row(
        "hidden_text",
        "mode",
        "orders in hidden text or odd characters",
        "a specification with orders between invisible characters",
        "hidden characters are not sent, text stays in its fence, and only a draft comes of it",
        (PHASES + "test_orders_in_hidden_text_change_nothing_but_a_draft",),
        calls=1,
        tokens=1_200,
    ),
    Row(
        "cancelled_midway",
        "mode",
        "cancel while a call runs",
        "3 calls under way when the job is cancelled",
        "closed, recorded and counted as paid; nothing of it is stored, and the job is cancelled",
        (JOBS + "test_cancel_while_a_call_runs_is_paid_recorded_and_discarded",),
        calls=3,
        tokens=2_500,
    ),
]


def row(key: str) -> Row:
    [found] = [each for each in ROWS if each.key == key]
    return found


def as_text() -> str:
    """The table as Markdown."""
    lines = []
    for part, title in PARTS.items():
        lines += ["", f"## {title}", ""]
        lines.append("| failure | provoked by | what ours does | calls | tokens | test |")
        lines.append("|---|---|---|---|---|---|")
        lines += [
            f"| {each.failure} | {each.provoked} | {each.ours} | ≤ {each.calls} | "
            f"≤ {each.tokens:,} | {', '.join(map(short, each.tests))} |"
            for each in ROWS
            if each.part == part
        ]
    return "\n".join(lines[1:])


def short(test: str) -> str:
    return test.removeprefix(HERE).removeprefix("tests/")
