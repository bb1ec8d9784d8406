"""Why no text can be taken out of a file, as the child process tells it and as people read it."""

from synapse.planning.errors import SpecificationTooLong, UnreadableDocument


class EncryptedDocument(UnreadableDocument):
    code = "encrypted_document"
    message = (
        "“{file}” is locked by a password, or against taking its text. "
        "Save it without protection and upload that."
    )


class BrokenDocument(UnreadableDocument):
    code = "broken_document"
    message = (
        "“{file}” is damaged, or isn't what its name says{where}. "
        "Open it in its own program, save it anew and upload that, or upload its text as Markdown."
    )


class TooManyPages(UnreadableDocument):
    code = "too_many_pages"
    message = "“{file}” has {found:,} pages, {limit:,} are possible. Upload it in parts."


class DocumentNeedsTooMuch(UnreadableDocument):
    code = "document_needs_too_much"
    message = (
        "Taking the text out of “{file}” needs more time or memory than a file may. "
        "Upload it in parts, or its text as Markdown."
    )


class UnpacksTooLarge(UnreadableDocument):
    code = "unpacks_too_large"
    message = "“{file}” unpacks to more than {limit}. Upload it in parts, or its text as Markdown."


class NoTextInIt(UnreadableDocument):
    code = "no_text_in_it"
    message = (
        "“{file}” has no text that can be read on its {pages}: it is perhaps scanned{hidden}. "
        "Have its text recognised and upload that as DOCX or Markdown."
    )


TEXT_FAULTS = {
    each.code: each
    for each in (
        EncryptedDocument, BrokenDocument, TooManyPages, DocumentNeedsTooMuch, UnpacksTooLarge,
        NoTextInIt, SpecificationTooLong,
    )
}  # fmt: skip


def text_fault(code: str, file: str, told: dict) -> UnreadableDocument:
    """The error for what the process that takes texts out told of a file."""
    page = told.pop("page", 0)
    where = f" (page {page:,})" if page else ""
    if code == NoTextInIt.code:
        hidden, pages = told["hidden"], told["pages"]
        told = {
            "pages": "page" if pages == 1 else f"{pages:,} pages",
            "hidden": f", and its {hidden:,} hidden characters aren't taken" if hidden else "",
        }
    return TEXT_FAULTS.get(code, BrokenDocument)(file=file, where=where, **told)
