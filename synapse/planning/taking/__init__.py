"""The text of a PDF or a Word file, taken out in a child process that can do no harm."""
