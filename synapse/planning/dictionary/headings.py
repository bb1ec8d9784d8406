"""Which row holds the headings, and what each of its columns means."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from synapse.planning.dictionary.synonyms import BY_CODE, ROLES, Role
from synapse.planning.dictionary.table import Row, Table
from synapse.planning.dictionary.text import comparable, folded

HEADER_SEARCH_ROWS = 40
# Below this a guess would be wrong more often than it would save the tester a click.
LEAST_CONFIDENCE = 0.6
# “CDE (Y/N)” is the column “CDE”; it only says how it is answered.
_ANSWERS = re.compile(r" (?:y n|yes no|yes or no|true false|y n flag|flag|indicator|ind)$")
_LEADING = {"description", "definition", "format", "mandatory", "required", "requirement"}
Roles = tuple[Role, ...]


@dataclass(frozen=True)
class Column:
    """A column of the file, the role proposed for it, and how sure the proposal is (0 to 1)."""

    index: int
    heading: str
    role: str = ""
    confidence: float = 0.0


def heading_words(text: str) -> str:
    """A heading reduced to words: `LineItemNo`, `line_item_no` and `Line Item No.` are the same."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    words = comparable(apart.replace("#", " no "))
    return re.sub(r"\b(?:the|of the|flag name)\b", " ", words).strip()


@lru_cache(maxsize=128)
def _names(role: Role) -> tuple[str, ...]:
    return tuple(heading_words(name) for name in role.headings)


@lru_cache(maxsize=4096)
def role_scores(heading: str, roles: Roles = ROLES) -> tuple[tuple[str, float], ...]:
    """Each role the heading may have, with the confidence, best first."""
    words = heading_words(heading)
    if not words or len(words) > 80:
        return ()
    bare = _ANSWERS.sub("", words)
    scores = {}
    for role in roles:
        best = max(
            max(_likeness(words, name, rank), 0.98 * _likeness(bare, name, rank))
            for rank, name in enumerate(_names(role))
        )
        if best >= LEAST_CONFIDENCE:
            scores[role.code] = round(best, 3)
    return tuple(sorted(scores.items(), key=lambda item: -item[1]))


def _likeness(words: str, name: str, rank: int) -> float:
    if words == name:
        return 1.0 - min(rank, 40) * 0.003
    if words.replace(" ", "") == name.replace(" ", ""):
        return 0.97 - min(rank, 40) * 0.003
    mine, theirs = words.split(), name.split()
    if len(theirs) >= 2 and f" {name} " in f" {words} ":
        return 0.70 + 0.2 * len(theirs) / len(mine)
    # The last word says what the column is; the first does so only for a few.
    if len(theirs) == 1 and len(name) >= 4 and len(mine) <= 4:
        if name == mine[-1]:
            return 0.66 + 0.06 / len(mine)
        if name == mine[0] and name in _LEADING:
            return 0.6 + 0.06 / len(mine)
    # A typing error changes letters, not the number of words.
    if len(name) >= 6 and len(mine) == len(theirs) and abs(len(name) - len(words)) <= 2:
        ratio = SequenceMatcher(None, words, name).ratio()
        if ratio >= 0.86:
            return 0.85 * ratio
    return 0.0


def propose(headings: list[str], roles: Roles = ROLES) -> list[Column]:
    """Roles for columns: each role once, each column once, the surest pairs first."""
    pairs = [
        (confidence, -order, -index, role)
        for index, heading in enumerate(headings)
        for order, (role, confidence) in enumerate(role_scores(folded(heading), roles))
    ]
    taken: dict[int, tuple[str, float]] = {}
    used: set[str] = set()
    for confidence, _, negative, role in sorted(pairs, reverse=True):
        index = -negative
        if index not in taken and role not in used:
            taken[index] = (role, confidence)
            used.add(role)
    _settle_names(taken)
    _settle_types(headings, taken)
    return [
        Column(index, folded(heading), *taken.get(index, ("", 0.0)))
        for index, heading in enumerate(headings)
    ]


def _settle_types(headings: list[str], taken: dict[int, tuple[str, float]]) -> None:
    """A second column about the type (“Field Type Description”) is read as the format."""
    if any(role == "format" for role, _ in taken.values()):
        return
    for index, heading in enumerate(headings):
        best = role_scores(folded(heading))[:1]
        if index not in taken and best and best[0][0] == "data_type":
            taken[index] = ("format", min(best[0][1], 0.8))
            return


def _settle_names(taken: dict[int, tuple[str, float]]) -> None:
    """Without a business name the technical one (or, at worst, the item code) is the name."""
    by_role = {role: index for index, (role, _) in taken.items()}
    if "name" in by_role:
        return
    if "technical_name" in by_role:
        index = by_role["technical_name"]
        taken[index] = ("name", min(taken[index][1], 0.8))


@lru_cache(maxsize=16)
def _known(roles: Roles) -> frozenset[str]:
    return frozenset(name.replace(" ", "") for role in roles for name in _names(role))


def heading_score(cells: tuple[str, ...], roles: Roles = ROLES, *, thorough: bool = False) -> float:
    """How much a row looks like the headings of a dictionary.

    Unless `thorough`, a row in which no cell is a known heading word for word scores nothing; that
    spares the comparison of every description with every synonym.
    """
    filled = [cell for cell in cells if cell]
    if not filled or max(map(len, filled)) > 200:
        return 0.0
    if not thorough:
        known = _known(roles)
        if not any(heading_words(cell).replace(" ", "") in known for cell in filled):
            return 0.0
    columns = [column for column in propose(list(cells), roles) if column.role]
    if not columns:
        return 0.0
    score = sum(column.confidence for column in columns)
    if any(column.role == "name" for column in columns):
        score += 1
    return score * (0.5 + 0.5 * len(columns) / len(filled))


def find_header(table: Table, roles: Roles = ROLES) -> tuple[Row, float]:
    """The row of headings; the first filled row when none is recognised (score 0)."""
    candidates = [row for row in table.rows[:HEADER_SEARCH_ROWS] if not row.is_blank]
    for thorough in (False, True):
        scored = [
            (heading_score(row.cells, roles, thorough=thorough), -place, row)
            for place, row in enumerate(candidates)
        ]
        best = max(scored, key=lambda item: item[:2])
        if best[0] > 0:
            return best[2], best[0]
    wide = next((row for row in candidates if sum(map(bool, row.cells)) > 1), candidates[0])
    return wide, 0.0


def role_label(code: str) -> str:
    return BY_CODE[code].label
