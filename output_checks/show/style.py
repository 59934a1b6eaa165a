"""How tables look: one style sheet, light and dark, on screen and on paper."""

_LIGHT = """--oc-page:#fff;--oc-ink:#1c2024;--oc-soft:#5a6169;--oc-line:#d5d9de;--oc-rule:#6c757d;
--oc-head:#f3f5f7;--oc-fail:#fbd9d5;--oc-fail-ink:#7a1410;--oc-review:#fdeec3;
--oc-review-ink:#5c4300;--oc-held:#e6e9ed;--oc-held-ink:#3c434a;--oc-pass:#d9f0df;
--oc-pass-ink:#14532d;--oc-focus:#1a56db;"""
_DARK = """--oc-page:#16191d;--oc-ink:#e6e9ec;--oc-soft:#a3abb3;--oc-line:#454c54;--oc-rule:#98a1aa;
--oc-head:#2a3036;--oc-fail:#5f211c;--oc-fail-ink:#ffdcd8;--oc-review:#4f3f10;
--oc-review-ink:#ffebb0;--oc-held:#3a4149;--oc-held-ink:#d8dde2;--oc-pass:#173d26;
--oc-pass-ink:#c9f2d6;--oc-focus:#7aa7ff;"""
_COLOURS = f"""
.output-checks{{{_LIGHT}color:var(--oc-ink);background:var(--oc-page);
font:14px/1.45 system-ui,sans-serif;max-width:100%}}
@media (prefers-color-scheme:dark){{.output-checks{{{_DARK}}}}}
[data-jp-theme-light="true"] .output-checks,[data-theme="light"] .output-checks{{{_LIGHT}}}
[data-jp-theme-light="false"] .output-checks,[data-theme="dark"] .output-checks{{{_DARK}}}
"""
_TABLES = """
.output-checks .oc-frame{position:relative;margin:.5em 0}
.output-checks .oc-wrap{overflow-x:auto}
.output-checks table{border-collapse:collapse;margin:0;font-size:inherit;
font-variant-numeric:tabular-nums}
.output-checks caption{caption-side:top;text-align:left;color:var(--oc-soft);padding:.2em 0;
width:max-content;max-width:min(60em,90vw);white-space:normal}
.output-checks th,.output-checks td{border:1px solid var(--oc-line);padding:.3em .7em;
text-align:right;vertical-align:top;background:transparent;color:var(--oc-ink);
white-space:nowrap;max-width:24em;overflow:hidden;text-overflow:ellipsis}
.output-checks th{background:var(--oc-head);font-weight:600}
.output-checks tbody th{text-align:left;font-weight:500}
.output-checks thead th[colspan]{text-align:center}
.output-checks thead th.oc-across{text-align:left}
.output-checks .oc-name{text-align:left;color:var(--oc-soft);font-weight:600}
.output-checks .oc-text{text-align:left}
.output-checks .oc-long{white-space:normal;min-width:16em}
.output-checks .oc-total,.output-checks tbody th.oc-total,.output-checks .oc-group,
.output-checks tbody th.oc-group{font-weight:700}
.output-checks .oc-missing{font-style:italic}
.output-checks tr.oc-above>*,.output-checks th.oc-above{border-top:2px solid var(--oc-rule)}
.output-checks .oc-left{border-left:2px solid var(--oc-rule)}
.output-checks .oc-fail{background:var(--oc-fail);color:var(--oc-fail-ink)}
.output-checks .oc-review{background:var(--oc-review);color:var(--oc-review-ink)}
.output-checks .oc-held{background:var(--oc-held);color:var(--oc-held-ink)}
.output-checks .oc-pass{background:var(--oc-pass);color:var(--oc-pass-ink)}
.output-checks .oc-n{display:block;font-size:.82em;font-weight:400;opacity:.85}
"""
_AROUND = """
.output-checks .oc-verdict{display:inline-block;padding:.35em .8em;border-radius:6px;
font-weight:600;margin:0}
.output-checks .oc-legend span{padding:.1em .5em;margin-right:.6em;border-radius:4px;
border:1px solid var(--oc-line);display:inline-block}
.output-checks .oc-legend,.output-checks .oc-findings{color:var(--oc-soft);margin:.4em 0}
.output-checks .oc-findings{padding-left:1.2em}
.output-checks .oc-findings li{overflow-wrap:anywhere}
.output-checks details{margin:.4em 0;color:var(--oc-soft)}
.output-checks summary{cursor:pointer}
.output-checks .oc-said{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}
.output-checks :focus-visible{outline:2px solid var(--oc-focus);outline-offset:-2px}
.output-checks td[tabindex]:focus-visible::after{content:attr(title);position:absolute;left:1em;
margin-top:1.7em;z-index:9;max-width:min(34em,90%);padding:.5em .8em;white-space:pre-line;
text-align:left;font-weight:400;font-style:normal;background:var(--oc-page);color:var(--oc-ink);
border:1px solid var(--oc-rule);border-radius:6px}
@media print{.output-checks .oc-wrap{overflow:visible}
.output-checks *{print-color-adjust:exact}}
"""
STYLE = f"<style>{_COLOURS}{_TABLES}{_AROUND}</style>"
"""For a piece of a page: it touches nothing outside of its own block."""

PAGE_STYLE = """<style>
:root{color-scheme:light dark}
body{margin:0}
.output-checks.oc-page{background:var(--oc-page);min-height:100vh;box-sizing:border-box;
padding:1.5em max(1.2em,calc(50vw - 34em))}
.oc-page h1{font-size:1.55em;line-height:1.25;margin:.2em 0 .5em;overflow-wrap:anywhere}
.oc-page h2{font-size:1.15em;margin:1.8em 0 .4em;padding-bottom:.2em;
border-bottom:1px solid var(--oc-line)}
.oc-page h3{font-size:1em;margin:1.2em 0 .2em}
.oc-page p{margin:.5em 0;max-width:52em}
.oc-page dl{display:grid;grid-template-columns:max-content 1fr;gap:.25em 1.2em;margin:.8em 0}
.oc-page dt{color:var(--oc-soft)}
.oc-page dd{margin:0;overflow-wrap:anywhere}
.oc-page pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--oc-head);padding:.8em;
border-radius:6px;font-size:.9em}
.oc-page footer{margin-top:2.5em;color:var(--oc-soft);font-size:.9em}
@page{margin:1.5cm}
@media print{.output-checks.oc-page{padding:0}.oc-page h2,.oc-page h3{break-after:avoid}
.oc-page tr,.oc-page section>p{break-inside:avoid}.oc-page thead{display:table-header-group}
.oc-page details::details-content{display:block;content-visibility:visible;block-size:auto}
.output-checks th,.output-checks .oc-text{white-space:normal;overflow-wrap:break-word}
.output-checks .oc-long{min-width:9em}}
</style>"""
"""For a page that is nothing but ours."""
