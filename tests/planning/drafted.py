"""A drafted plan for tests: three fields of a text, their quotes as the model is told to give."""

from jobs.testing import run_pending
from synapse.planning.tasks import start_drafting

SPECIFICATION = """# Loans <b>& more</b>

General remarks that define no field.

## 1. Loan Number
- Data type: Character(32)
- Instructions: identifies the loan

## 2. Loan Type
- Data type: Numeric / Integer
- Valid values: 1 = Fixed; 2 = Variable

## 3. Closing Date
- Format: YYYYMMDD
"""


def draft(plan, document, tester):
    start_drafting(plan=plan, document=document, actor=tester)
    (job,) = run_pending()
    return job
