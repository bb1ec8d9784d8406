"""Which numbers of persons and accounts are masked, and what looks like them and isn't."""

import pytest

from llm.masking import masked


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("4111111111111111", "[card number]"),
        ("4111-1111-1111-1111", "[card number]"),
        ("5500 0055 5555 5559", "[card number]"),
        ("2221000000000009", "[card number]"),
        ("3782 822463 10005", "[card number]"),
        ("078-05-1120", "[social security number]"),
        ("DE89370400440532013000", "[account number]"),
        ("GB82 WEST 1234 5698 7654 32", "[account number]"),
    ],
)
def test_numbers_of_persons_and_accounts_are_masked(text, mask):
    assert masked(f"see {text}, there") == f"see {mask}, there"
    assert masked({"a": [text, ("x", {"b": text})]}) == {"a": [mask, ("x", {"b": mask})]}


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # not by Luhn
        "4444444444444444444",
        "0000 0000 0000 0000",
        "1 = 3, 2 = 4; 3 4 5 6 7 8 9 10 11 12 13 14",
        "20240131",
        "10Bx939c5543TqA1144M999143X10",
        "549300LMCUU2OIN3YK39",
        "000-12-3456",
        "078-05-11201",
        "the range 100-20-3000000",
        "DE89370400440532013001",
        "M046 CC27 MBR1 2345 6789",
        "DECIMAL(18,2)",
    ],
)
def test_what_only_looks_like_one_stays_as_it_is(text):
    assert masked(text) == text


def test_only_texts_are_touched():
    value = {"n": 4111111111111111, "f": 1.5, "none": None, "yes": True, "pair": ("a", ["b"])}
    assert masked(value) == value


def test_the_dictionaries_of_the_sample_data_are_sent_as_they_stand(sample_data):
    paths = [*sample_data.rglob("*.md"), *sample_data.rglob("*dictionary*.csv")]
    texts = [path.read_text(errors="replace") for path in paths]
    assert len(texts) > 3
    changed = [path.name for path, text in zip(paths, texts, strict=True) if masked(text) != text]
    assert changed == []
