"""python -m tests.llm.failure_table: prints the table in Markdown."""

from tests.llm.failure_table import table

if __name__ == "__main__":
    print(table.as_text())
