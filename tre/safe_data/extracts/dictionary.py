"""The data dictionary of an extract, as a page that needs nothing else."""

from html import escape

from tre.safe_data.extracts.manifest import Column, ExtractTable, Manifest

FILE = "dictionary.html"
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --quiet: #666; }
@media (prefers-color-scheme: dark) { :root { --quiet: #aaa; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem;
  border-bottom: 1px solid var(--line); }
caption { text-align: left; color: var(--quiet); padding-bottom: 0.5rem; }
code { font-size: 0.95em; }
.quiet { color: var(--quiet); }
"""


def dictionary_page(manifest: Manifest) -> str:
    """Say of every variable what it means, what was done to it, and where it is from."""
    made_of = "; ".join(one.named() for one in manifest.sources)
    title = f"Data dictionary of {manifest.project}, version {manifest.version}"
    synthetic = " Synthetic: nobody in it exists." if manifest.synthetic else ""
    contents = "".join(
        f'<li><a href="#{escape(t.name)}"><code>{escape(t.name)}</code></a>: '
        f"{escape(t.description)}</li>"
        for t in manifest.tables
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{manifest.people:,} people, made on {manifest.made_on:%-d %B %Y} at the "
        f"{escape(manifest.place)} from {escape(made_of or 'CRIS alone')}.{synthetic} "
        f"Outputs are checked under the policy <code>{escape(manifest.policy)}</code>.</p>"
        f"<nav><ul>{contents}</ul></nav>"
        f"{''.join(_table(table) for table in manifest.tables)}</body></html>\n"
    )


def _table(table: ExtractTable) -> str:
    heads = ("variable", "type", "meaning", "what was done to it", "codes", "made from")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "".join(_row(column) for column in table.columns)
    return (
        f'<h2 id="{escape(table.name)}"><code>{escape(table.name)}</code></h2><table>'
        f"<caption>{escape(table.description)}. {table.rows:,} rows in "
        f"<code>{escape(table.file)}</code>.</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(column: Column) -> str:
    cells = (
        f"<code>{escape(column.name)}</code>",
        escape(column.type),
        escape(column.description),
        escape(column.treatment or "made for this project"),
        escape(", ".join(column.codes)) or '<span class="quiet">as they are</span>',
        escape(column.source),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
