"""Splink's own charts of a linkage, kept as specifications that name nobody."""

import json
from importlib import resources
from typing import Any

import polars as pl
from splink import Linker

_LIBRARIES = ("vega@5.31.0", "vega-lite@5.2.0", "vega-embed@6.20.2")
TITLES = {
    "match_weights": "What each comparison adds to a pair's weight",
    "m_u_parameters": "How often records of one person, and of two, compare so",
    "parameter_estimates": "How far the estimates of each training session agree",
    "match_weight_histogram": "The weights of the pairs that were scored",
    "waterfall": "How the weights of a few pairs add up",
}
"""Every chart that a report shows, in its order. Charts of term frequencies would show names."""
_EXAMPLES = 6


def chart_specs(
    linker: Linker, scored: Any, pairs: pl.DataFrame, learning: Linker | None
) -> dict[str, dict[str, Any]]:
    """Vega-Lite specifications by name, as in TITLES; none holds an identifier.

    linker, scored: that scored the pairs, and its table of them. pairs: as `read_pairs` has it.
    learning: that learnt m, or None where experience alone told. What cannot be drawn is left
    out: a linkage without a scored pair has no histogram.
    """
    draw = linker.visualisations
    specs = {
        "match_weights": draw.match_weights_chart().chart_dict,
        "m_u_parameters": draw.m_u_parameters_chart().chart_dict,
    }
    if learning is not None:
        compared = learning.visualisations.parameter_estimate_comparisons_chart(include_u=False)
        specs["parameter_estimates"] = compared.chart_dict
    if len(pairs):
        specs["match_weight_histogram"] = draw.match_weights_histogram(scored).chart_dict
        waterfall = draw.waterfall_chart(_examples(pairs), remove_sensitive_data=True)
        specs["waterfall"] = waterfall.chart_dict
    plain = json.loads(json.dumps(specs, default=float), parse_float=_figures)
    return {name: plain[name] for name in TITLES if name in plain}


def _figures(number: str) -> float:
    """Five figures are drawn: what comes after depends on the order in which threads add up."""
    return float(f"{float(number):.5g}")


def _examples(pairs: pl.DataFrame) -> list[dict[str, Any]]:
    """A few pairs from the heaviest to the lightest: their comparisons and weights alone."""
    weights = pairs.select("match_weight", "^gamma_.*$", pl.col("^mw_.*$").round(1))
    ordered = weights.sort(weights.columns, descending=True)
    step = max(1, len(ordered) // _EXAMPLES)
    return ordered.gather_every(step).head(_EXAMPLES).to_dicts()


def page_parts(specs: dict[str, dict[str, Any]]) -> str:
    """The charts as a piece of an HTML page that needs no network: scripts and all.

    specs: as `chart_specs` made them. Splink bundles the scripts; they are written into the page.
    """
    if not specs:
        return ""
    scripts = "".join(f"<script>{_library(name)}</script>\n" for name in _LIBRARIES)
    return scripts + "".join(_figure(name, spec) for name, spec in specs.items())


def _library(name: str) -> str:
    file = resources.files("splink") / "internals" / "files" / "external_js" / name
    return file.read_text(encoding="utf-8").replace("</script", r"<\/script")


def _figure(name: str, spec: dict[str, Any]) -> str:
    """One chart under its title; the page's own words cannot end the script."""
    told = json.dumps(spec).replace("<", r"\u003c").replace("&", r"\u0026")
    return (
        f'<figure><figcaption>{TITLES[name]}</figcaption><div id="chart-{name}"></div>\n'
        f'<script>vegaEmbed("#chart-{name}", {told}, {{"actions": false}});</script></figure>\n'
    )
