"""Rules written as expressions, such as `IF status = 'C' THEN close_date IS NOT NULL`."""

import re
from collections.abc import Callable
from typing import Any

from synapse.common.errors import DomainError

TOKEN = re.compile(
    r"""\s*(?:
    (?P<name>\[[^\]]+\]|"[^"]+"|`[^`]+`)
  | (?P<text>'(?:[^']|'')*')
  | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
  | (?P<op><=|>=|<>|!=|==|=|<|>|≤|≥|≠|&&|\|\||\+|\(|\)|,)
  | (?P<word>[A-Za-z_][\w.#$]*)
)""",
    re.X,
)
OPERATORS = {"==": "=", "<>": "!=", "≤": "<=", "≥": ">=", "≠": "!="}
COMPARE = ("<", "<=", "=", "!=", ">=", ">")
EMPTY = ("NULL", "BLANK", "EMPTY")
MOST_TOKENS = 400
MOST_WORDS = 12
Resolve = Callable[[str], str]


class NotAnExpression(ValueError):
    """The text isn't in this language."""


def parse(text: str, resolve: Resolve) -> tuple[str, list[str], dict[str, Any]]:
    """Kind, columns and parameters of the simplest rule that the expression means."""
    return _Parser(text, resolve).rule()


def parse_condition(text: str, resolve: Resolve) -> dict[str, Any]:
    """The expression as a condition, such as `status = 'C' AND amount > 0`; a sum is none."""
    return _Parser(text, resolve).condition()


class _Parser:
    def __init__(self, text: str, resolve: Resolve):
        self.tokens = _tokens(text)
        self.at, self.resolve, self.columns = 0, resolve, []

    def rule(self) -> tuple[str, list[str], dict[str, Any]]:
        if self._word("IF"):
            condition = self._any()
            if not self._word("THEN"):
                raise NotAnExpression("IF without THEN")
            parameters = {"if": condition, "then": self._any()}
            self._end()
            return "if_then", [*dict.fromkeys(self.columns)], parameters
        said = self._any()
        self._end()
        columns = [*dict.fromkeys(self.columns)]
        if "attribute" in said and (simple := _simple(said)):
            return simple
        if not columns:
            raise NotAnExpression("no column is named")
        filled = [{"attribute": name, "is": "not_blank"} for name in columns]
        return "if_then", columns, {"if": {"any": filled}, "then": said}

    def condition(self) -> dict[str, Any]:
        said = self._any()
        self._end()
        return said

    def _any(self) -> dict[str, Any]:
        return self._series("any", ("OR", "||"), self._all)

    def _all(self) -> dict[str, Any]:
        return self._series("all", ("AND", "&&"), self._not)

    def _series(self, word: str, signs: tuple[str, ...], part: Callable) -> dict[str, Any]:
        parts = [part()]
        while any(self._word(sign) or self._op(sign) for sign in signs):
            parts.append(part())
        return parts[0] if len(parts) == 1 else {word: parts}

    def _not(self) -> dict[str, Any]:
        if self._word("NOT"):
            return {"not": self._not()}
        if self._op("("):
            inner = self._any()
            self._need(")")
            return inner
        return self._statement()

    def _statement(self) -> dict[str, Any]:
        if self._peek_word() in ("LENGTH", "LEN", "CHAR_LENGTH") and self._peek(1) == ("op", "("):
            return self._length()
        name = self._column()
        parts = [name]
        while self._op("+"):
            parts.append(self._column())
        if len(parts) > 1:
            if self._operator() != "=":
                raise NotAnExpression("a sum is compared by =")
            return {"attribute": self._column(), "is": "sum", "parts": parts}
        if self._word("IS"):
            no = self._word("NOT")
            if not any(self._word(word) for word in EMPTY):
                raise NotAnExpression("IS is followed by NULL or BLANK")
            return {"attribute": name, "is": "not_blank" if no else "blank"}
        no = self._word("NOT")
        if self._word("IN"):
            return {"attribute": name, "is": "not_in" if no else "in", "values": self._list()}
        said: dict[str, Any] = {"attribute": name}
        if self._word("BETWEEN"):
            low = self._value()
            if not self._word("AND"):
                raise NotAnExpression("BETWEEN without AND")
            said |= {"is": "between", "min": low, "max": self._value()}
        elif self._word("MATCHES") or self._word("REGEXP") or self._word("RLIKE"):
            said |= {"is": "matches", "pattern": self._text()}
        elif not no:
            said |= {"is": "compare", "op": self._operator(), "right": self._right()}
        else:
            raise NotAnExpression("NOT is followed by IN, BETWEEN or MATCHES")
        return {"not": said} if no else said

    def _length(self) -> dict[str, Any]:
        self.at += 2
        name = self._column()
        self._need(")")
        operator, number = self._operator(), self._take("number")
        limit = int(number) if number and number.isdecimal() else -1
        limits = {
            "<=": {"max": limit},
            "<": {"max": limit - 1},
            ">=": {"min": limit},
            ">": {"min": limit + 1},
            "=": {"min": limit, "max": limit},
        }.get(operator)
        if limits is None or min(limits.values()) < 0:
            raise NotAnExpression("a length is compared with a whole number")
        return {"attribute": name, "is": "length", **limits}

    def _right(self) -> Any:
        kind, token = self._peek()
        if kind in ("text", "number"):
            return {"value": self._value()}
        parts = [self._column()]
        while self._op("+"):
            parts.append(self._column())
        return {"sum": parts} if len(parts) > 1 else {"column": parts[0]}

    def _list(self) -> list[str]:
        self._need("(")
        values = [self._value()]
        while self._op(","):
            values.append(self._value())
        self._need(")")
        return values

    def _value(self) -> str:
        kind, token = self._peek()
        if kind not in ("text", "number"):
            raise NotAnExpression(f"a value is expected at “{token}”")
        self.at += 1
        return token[1:-1].replace("''", "'") if kind == "text" else token

    def _text(self) -> str:
        if self._peek()[0] != "text":
            raise NotAnExpression("a pattern stands in single quotation marks")
        return self._value()

    def _column(self) -> str:
        kind, token = self._peek()
        if kind not in ("name", "word"):
            raise NotAnExpression(f"a column is expected at “{token}”")
        name = self._of_words() if kind == "word" else self._named(token[1:-1])
        self.columns.append(name)
        return name

    def _named(self, text: str) -> str:
        self.at += 1
        return self.resolve(text)

    def _of_words(self) -> str:
        """A name of several words stands without quotes too: the longest that is a column."""
        last = self.at
        while last < len(self.tokens) and self.tokens[last][0] in ("word", "number"):
            last += 1
        for end in range(min(last, self.at + MOST_WORDS), self.at + 1, -1):
            text = " ".join(token for _, token in self.tokens[self.at : end])
            try:
                name = self.resolve(text)
            except DomainError:
                continue
            self.at = end
            return name
        return self._named(self._peek()[1])

    def _operator(self) -> str:
        token = self._take("op") or ""
        token = OPERATORS.get(token, token)
        if token not in COMPARE:
            raise NotAnExpression(f"a comparison is expected at “{token}”")
        return token

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else ("", "the end")

    def _peek_word(self) -> str:
        kind, token = self._peek()
        return token.upper() if kind == "word" else ""

    def _word(self, word: str) -> bool:
        if self._peek_word() != word:
            return False
        self.at += 1
        return True

    def _op(self, sign: str) -> bool:
        if self._peek() != ("op", sign):
            return False
        self.at += 1
        return True

    def _take(self, kind: str) -> str | None:
        if self._peek()[0] != kind:
            return None
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _need(self, sign: str) -> None:
        if not self._op(sign):
            raise NotAnExpression(f"“{sign}” is expected at “{self._peek()[1]}”")

    def _end(self) -> None:
        if self.at < len(self.tokens):
            raise NotAnExpression(f"“{self._peek()[1]}” isn't understood")


def _tokens(text: str) -> list[tuple[str, str]]:
    text, at, found = text.strip().rstrip(";"), 0, []
    while at < len(text.rstrip()):
        token = TOKEN.match(text, at)
        if not token or len(found) == MOST_TOKENS:
            raise NotAnExpression(f"“{text[at : at + 20].strip()}” isn't understood")
        found.append((token.lastgroup, token.group(token.lastgroup)))
        at = token.end()
    return found


def _simple(said: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]] | None:
    """One statement as a rule of its own kind."""
    rest = {word: value for word, value in said.items() if word not in ("attribute", "is")}
    kind = {
        "not_blank": "not_blank", "in": "in_set", "between": "range", "matches": "regex",
        "length": "length", "compare": "compare", "sum": "sum_equals",
    }.get(said["is"])  # fmt: skip
    if kind is None:
        return None
    if kind == "sum_equals":
        rest["tolerance"] = "0.01"
    return kind, [said["attribute"]], rest
