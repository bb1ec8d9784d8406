"""The style sheets use tokens only, and the tokens' colours can be read in both schemes."""

import re

import pytest

from synapse.common.embedded import BASE_DIR
from tests.architecture import sources

TOKENS = BASE_DIR / "synapse/common/static/synapse/tokens.css"
COMMENT = re.compile(r"/\*.*?\*/", re.S)
CONDITION = re.compile(r"@(media|container|supports)[^{]*")
RAW = re.compile(
    r"#[0-9a-f]{3,8}\b(?=[;\s,)])|\b\d*\.?\d+(?:px|rem|em|ms)\b|\b(?:rgb|hsl|oklch)a?\("
)
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")

TEXT_ON = {
    "ink": "paper ground sunken hover accent-soft ok-soft warn-soft bad-soft",
    "ink-2": "paper ground sunken hover accent-soft",
    "accent": "paper ground sunken hover accent-soft",
    "ok": "paper ground ok-soft hover",
    "warn": "paper ground warn-soft hover",
    "bad": "paper ground bad-soft hover sunken",
    "on-accent": "accent accent-2",
    "on-bad": "bad",
}
CONTROL_ON = {"edge": "paper ground", "accent": "paper ground line"}


def raw_values(css: str) -> list[str]:
    return RAW.findall(CONDITION.sub("@", COMMENT.sub("", css)))


def colours() -> dict[str, tuple[str, str]]:
    return {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS.read_text())}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def too_low(pairs: dict[str, str], least: float) -> dict[str, float]:
    table = colours()
    return {
        f"{front} on {back}, {scheme}": round(ratio, 2)
        for front, backs in pairs.items()
        for back in backs.split()
        for scheme, at in (("light", 0), ("dark", 1))
        if (ratio := contrast(table[front][at], table[back][at])) < least
    }


@pytest.mark.parametrize(
    "path",
    [path for path in sources.files(".css", *sources.PRODUCT) if path != TOKENS],
    ids=sources.name,
)
def test_style_sheet_uses_tokens_only(path):
    assert raw_values(path.read_text()) == []


def test_raw_values_are_seen():
    css = "/* 3px */ a { top: 3px; color: #fff; margin: var(--s1) }"
    css += "@media (max-width: 9px) { b { gap: 1rem } }"
    assert raw_values(css) == ["3px", "#fff", "1rem"]


def test_every_used_token_is_defined():
    used = {
        token
        for path in sources.files(".css", *sources.PRODUCT)
        for token in re.findall(r"var\((--[\w-]+)", path.read_text())
    }
    defined = set(re.findall(r"^\s+(--[\w-]+):", TOKENS.read_text(), re.M))
    assert used == defined


def test_text_has_a_contrast_of_four_and_a_half_in_both_schemes():
    assert too_low(TEXT_ON, 4.5) == {}


def test_controls_and_bars_have_a_contrast_of_three_in_both_schemes():
    assert too_low(CONTROL_ON, 3) == {}


def test_contrast_is_computed_as_the_standard_does():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
