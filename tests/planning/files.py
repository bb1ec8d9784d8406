"""Small PDF and Word files, written by hand."""

import io
import zipfile
import zlib

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="character" w:styleId="Quiet"><w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr>
</w:style></w:styles>"""


def words(text: str, x: float, y: float, *, size: float = 10, font: str = "F1", more: str = ""):
    """Drawing instructions for one line of text; `more` stands before it."""
    return f"BT {more} /{font} {size} Tf {x} {y} Td ({text}) Tj ET"


def pdf(*pages: str, trailer: bytes = b"", extra: tuple[bytes, ...] = (), repeat: int = 1) -> bytes:
    """A PDF of drawn pages, in Helvetica (F1) and its bold (F2); all of them `repeat` times."""
    first = 5 + len(extra)
    kids = b" ".join(b"%d 0 R" % (first + 2 * place) for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>"
        % (b" ".join([kids] * repeat), len(pages) * repeat),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        *extra,
    ]
    for place, drawn in enumerate(pages):
        packed = zlib.compress(drawn.encode("latin-1"))
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents %d 0 R /Resources "
            b"<< /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (first + 2 * place + 1),
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed),
        ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(objects) + 1, len(body)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table)
        + b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF"
        % (count, trailer, start)
    )


def locked_pdf() -> bytes:
    """Encrypted under a password that nobody knows."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >>" % (b"41" * 32, b"42" * 32)
    trailer = b"/Encrypt 5 0 R /ID [<0102> <0102>]"
    return pdf(words("Loan Number", 20, 200), trailer=trailer, extra=(lock,))


def docx(
    body: str, styles: str = STYLES, name: str = "word/document.xml", before: str = ""
) -> bytes:
    """A Word file with this XML as the content of its body."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, f"{before}<w:document {W}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/styles.xml", styles)
    return stream.getvalue()


def paragraph(text: str, style: str = "", marks: str = "") -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:rPr>{marks}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: list[str]) -> str:
    """Each cell one paragraph."""
    lines = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl>{lines}</w:tbl>"
