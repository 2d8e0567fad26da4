"""How our pages look: one stylesheet for a screen in light or dark, and for paper.

A page takes `BASE` and adds what is its own. Colours are variables, so that a picture inside the
page follows the reader's choice as the text does. Editors that show a page say by a class on its
body whether they are dark.
"""

_LIGHT = """--text: #1f2328; --dim: #59636e; --line: #d1d9e0; --soft: #eaeef2; --page: #ffffff;
  --panel: #f6f8fa; --need: #0969da; --other: #9a6700; --good: #1a7f37; --bad: #cf222e;
  --calm: #8250df; --good-soft: #dafbe1; --bad-soft: #ffebe9; --need-soft: #ddf4ff;
  --other-soft: #fff8c5;"""
_DARK = """--text: #e6edf3; --dim: #9198a1; --line: #3d444d; --soft: #212830; --page: #0d1117;
  --panel: #151b23; --need: #58a6ff; --other: #d29922; --good: #3fb950; --bad: #f85149;
  --calm: #ab7df8; --good-soft: #12301c; --bad-soft: #3c1618; --need-soft: #10243e;
  --other-soft: #322a12;"""

BASE = f"""
:root {{ color-scheme: light dark; {_LIGHT} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {_DARK} }} }}
body.vscode-light, body.vscode-high-contrast-light {{ {_LIGHT} }}
body.vscode-dark, body.vscode-high-contrast {{ {_DARK} }}
body {{ font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
  color: var(--text); background: var(--page); max-width: 72rem; margin: 2rem auto;
  padding: 0 1.25rem; }}
h1 {{ font-size: 1.6rem; letter-spacing: -.01em; }}
h2 {{ font-size: 1.2rem; margin-top: 2.5rem; }}
h1, h2, h3 {{ overflow-wrap: anywhere; line-height: 1.3; }}
a {{ color: var(--need); text-decoration: none; }} a:hover {{ text-decoration: underline; }}
:focus-visible {{ outline: 2px solid var(--need); outline-offset: 2px; border-radius: 3px; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; }}
th, td {{ padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }}
th:first-child, td:first-child, td.text, th.text {{ text-align: left; }}
th {{ font-weight: 600; vertical-align: bottom; }}
thead th {{ font-size: .85rem; color: var(--dim); white-space: normal; min-width: 3.5rem; }}
small, .dim {{ color: var(--dim); font-weight: 400; }}
code, pre {{ font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .86em; }}
svg {{ max-width: 100%; height: auto; }}
svg text {{ fill: var(--text); font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }}
@media print {{
  :root {{ {_LIGHT} }}
  body {{ max-width: none; margin: 0; padding: 0; font-size: 10pt; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }}
  .scroll {{ overflow: visible; }} table {{ white-space: normal; }}
  tr, figure, h2, h3 {{ break-inside: avoid; }} h2, h3, summary {{ break-after: avoid; }}
  details::details-content {{ content-visibility: visible; block-size: auto; }}
  details > * {{ display: revert; }}
}}
"""
