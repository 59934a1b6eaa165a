"""What a notebook carries beside what JupyterLab draws does not go to a browser."""

import json

import pytest

from tre.hub.server.notebooks import UnusableNotebookError, read_notebook

HIDDEN = "x" * 100_000


def code(**fields):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": []}
    return cell | {"execution_count": 1} | fields


def display(**fields):
    output = {"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {}}
    return code(outputs=[output | fields])


def notebook(*cells, **fields):
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole | fields).encode()


HIDING = {
    "a field of the notebook": notebook(extra=HIDDEN),
    "a field of a cell": notebook(code(extra=HIDDEN)),
    "a field of an output": notebook(display(extra=HIDDEN)),
    "an output's metadata": notebook(display(metadata={"x": HIDDEN})),
    "a strange kind of cell": notebook(
        {"cell_type": "strange", "id": "a", "metadata": {}, "source": "", "payload": HIDDEN}
    ),
    "a strange kind of output": notebook(
        code(outputs=[{"output_type": "strange", "data": {"text/csv": HIDDEN}}])
    ),
    "attachments of code": notebook(code(attachments={HIDDEN: {}})),
    "a cell's name": notebook(code(id=HIDDEN)),
    "names of attachments": notebook(
        {"cell_type": "raw", "id": "a", "metadata": {}, "source": "", "attachments": {HIDDEN: {}}}
    ),
    "the name of a format": notebook(display(data={f"application/vnd.vega.{HIDDEN}+json": {}})),
    "how often a cell was run": notebook(code(execution_count=int("9" * 4000))),
    "a count that is a text": notebook(code(execution_count=HIDDEN)),
}


@pytest.mark.parametrize("where", HIDING)
def test_data_hidden_in_a_notebook_keep_it_from_being_shown(where):
    with pytest.raises(
        UnusableNotebookError, match=r"parts that no notebook has|bytes|output of"
    ) as refused:
        read_notebook(HIDING[where])
    assert len(str(refused.value)) < 200


def test_what_jupyterlab_writes_is_shown():
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "1"},
        {"output_type": "error", "ename": "E", "evalue": "1", "traceback": ["1"]},
        {"output_type": "execute_result", "data": {}, "metadata": {}, "execution_count": 2},
    ]
    markdown = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "", "attachments": {}}
    raw = {"cell_type": "raw", "id": "r", "metadata": {}, "source": ""}
    never_run = code(id="b", execution_count=None)
    found = read_notebook(notebook(code(outputs=outputs), never_run, markdown, raw))
    assert len(found["cells"]) == 4


def test_a_notebook_of_an_older_format_is_shown():
    cells = [
        {
            "cell_type": "code", "language": "python", "input": "1", "collapsed": False,
            "metadata": {}, "prompt_number": 3,
            "outputs": [{"output_type": "pyout", "prompt_number": 3, "text": ["1"]}],
        },
        {"cell_type": "heading", "level": 2, "source": "a", "metadata": {}},
    ]  # fmt: skip
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert len(read_notebook(json.dumps(old).encode())["cells"]) == 2
