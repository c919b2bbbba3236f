"""How much of a report survives each format: `python -m bench.formats [FOLDER] [--formats docx,pdf] [--limit N]`.

Reports in plain text are rendered by real programs (python-docx, LibreOffice, reportlab, PDFium with noise and skew
for scans; OFD by the tests' own writer) and loaded back.  Prints a Markdown table: share of figures and of characters
recovered, figures that the text has not (must be 0), paragraphs alike in text, headings, period and role, pages a
second (a page is 800 characters) and the peak memory of the loading process.  Needs the extras `dev` and `ocr`, and
LibreOffice.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from difflib import SequenceMatcher
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter

from index.errors import LoadError
from index.figures import find_figures
from index.loading import load_report
from index.text import normalise
from index.types import Report
from tests.documents import ofd_report, pdf_report, web_page, zipped

_PAGE = 800  # characters
_RESOLUTION = 200


def _docx(lines: Sequence[str]) -> bytes:
    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line).paragraph_format.first_line_indent = docx.shared.Pt(21)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _xlsx(lines: Sequence[str]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row, line in enumerate(lines, start=1):
        book.worksheets[0].cell(row, 1, line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _scanned(pdf: bytes, *, seed: int) -> list[object]:
    """Each page as a scanner gives it: grey, noisy, up to a degree askew."""
    import numpy as np
    import pypdfium2  # type: ignore[import-untyped]
    from PIL import Image

    random = np.random.default_rng(seed)
    pages: list[object] = []
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=_RESOLUTION / 72).to_pil().convert("L")
        image = image.rotate(random.uniform(-1, 1), fillcolor=250, resample=Image.Resampling.BICUBIC)
        noisy = np.asarray(image, float) * 0.9 + random.normal(12, 12, (image.height, image.width))
        pages.append(Image.fromarray(noisy.clip(0, 255).astype("uint8")))
    return pages


def _pictures(kind: str) -> Callable[[bytes, int], bytes]:
    def write(pdf: bytes, seed: int) -> bytes:
        first, *rest = _scanned(pdf, seed=seed)
        buffer = io.BytesIO()
        dpi = {"resolution": _RESOLUTION} if kind == "PDF" else {"dpi": (_RESOLUTION, _RESOLUTION)}
        first.save(buffer, kind, save_all=True, append_images=rest, **dpi)  # type: ignore[attr-defined]
        return buffer.getvalue()

    return write


# By name: how it is written from lines, which format LibreOffice is asked for, how its PDF becomes a scan.
_FROM_LINES: dict[str, tuple[str, Callable[[Sequence[str]], bytes]]] = {
    "txt": (".txt", lambda lines: "\n".join(lines).encode()),
    "txt GB18030": (".txt", lambda lines: "\n".join(lines).encode("gb18030")),
    "md": (".md", lambda lines: "\n\n".join(lines).encode()),
    "html": (".html", web_page),
    "docx": (".docx", _docx),
    "xlsx": (".xlsx", _xlsx),
    "pdf reportlab": (".pdf", pdf_report),
    "pdf two columns": (".pdf", lambda lines: pdf_report(lines, columns=2)),
    "ofd": (".ofd", ofd_report),
    "zip of docx": (".zip", _docx),
}
_BY_OFFICE = {"pdf": "pdf", "docx LibreOffice": "docx:MS Word 2007 XML", "doc": "doc", "rtf": "rtf", "odt": "odt"}
_FROM_PDF = {"pdf scanned": (".pdf", _pictures("PDF")), "tiff scanned": (".tiff", _pictures("TIFF"))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("samples"), help="reports in plain text")
    parser.add_argument("--formats", default=",".join([*_FROM_LINES, *_BY_OFFICE, *_FROM_PDF]))
    parser.add_argument("--limit", type=int, default=20, help="how many reports at most")
    given = parser.parse_args()
    sources = sorted(given.folder.glob("*.txt"))[: given.limit]
    print("| format | files | figures | invented | characters | paragraphs alike | pages/s | memory MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.formats.split(","):
            written = render(name, sources, Path(folder, name))
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
                print(fresh.submit(row, name, sources, written).result())
            sys.stdout.flush()


def render(name: str, sources: Sequence[Path], folder: Path) -> list[Path]:
    """The reports in this format, in the folder."""
    folder.mkdir(parents=True)
    written = []
    for seed, source in enumerate(sources):
        lines = [paragraph.text for paragraph in load_report(source).paragraphs]
        if name in _FROM_LINES:
            ending, write = _FROM_LINES[name]
            content = write(lines)
            content = zipped({f"{source.stem}.docx": content}) if ending == ".zip" else content
        else:
            target = _BY_OFFICE.get(name, "pdf")
            ending = f".{target.partition(':')[0]}"
            content = _converted(_docx(lines), target, ending)
            if name in _FROM_PDF:
                ending, scan = _FROM_PDF[name]
                content = scan(content, seed)
        written.append(folder / f"{source.stem}{ending}")
        written[-1].write_bytes(content)
    return written


def _converted(docx: bytes, target: str, ending: str) -> bytes:
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("LibreOffice is needed for this format")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source.docx")
        source.write_bytes(docx)
        out = Path(folder, "out")
        command = [program, "--headless", "--convert-to", target, "--outdir", str(out), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (out / f"source{ending}").read_bytes()


def row(name: str, sources: Sequence[Path], written: Sequence[Path]) -> str:
    """One line of the table, in a process of its own so that the memory is that of these files."""
    figures, found, invented, characters, kept, alike, paragraphs = 0, 0, 0, 0, 0, 0, 0
    seconds = 0.0
    failed = []
    for source, path in zip(sources, written, strict=True):
        truth = load_report(source)
        started = perf_counter()
        try:
            report = load_report(path, overrides={"region": truth.region, "year": truth.year})
        except LoadError as exc:
            failed.append(str(exc))
            continue
        finally:
            seconds += perf_counter() - started
            figures += _figures(truth).total()
            characters += len("".join(_texts(truth)))
            paragraphs += len(truth.paragraphs)
        found += (_figures(truth) & _figures(report)).total()
        invented += (_figures(report) - _figures(truth)).total()
        kept += _matching(truth, report)
        alike += (_shapes(truth) & _shapes(report)).total()
    # Text is read in this very process.
    memory = (getrusage(RUSAGE_CHILDREN).ru_maxrss or getrusage(RUSAGE_SELF).ru_maxrss) / 1024
    line = (
        f"| {name} | {len(written)} | {found / figures:.2%} | {invented} | {kept / characters:.2%} | "
        f"{alike / paragraphs:.1%} | {characters / _PAGE / seconds:.2f} | {memory:.0f} |"
    )
    return "\n".join([line, *failed])


def _figures(report: Report) -> Counter[str]:
    return Counter(normalise(figure.text) for p in report.paragraphs for figure in find_figures(p.text))


def _shapes(report: Report) -> Counter[tuple[object, ...]]:
    return Counter((normalise(p.text).replace(" ", ""), p.headings, p.period, p.role) for p in report.paragraphs)


def _texts(report: Report) -> list[str]:
    return [normalise(paragraph.text).replace(" ", "") for paragraph in report.paragraphs]


def _matching(truth: Report, report: Report) -> int:
    """How many characters of the truth stand in the report in the same order."""
    ours, theirs = _texts(truth), _texts(report)
    kept = 0
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        one, other = "".join(ours[a:b]), "".join(theirs[c:d])
        pieces = () if kind == "equal" else SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        kept += len(one) if kind == "equal" else sum(piece.size for piece in pieces)
    return kept


if __name__ == "__main__":
    main()
