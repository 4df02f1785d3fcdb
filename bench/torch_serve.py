"""Runs the other scripts of this folder, one after another, in a process that has PyTorch loaded already.

Prints one line of JSON with the version of PyTorch, then reads one line of JSON per run, [script, argument, ..], and prints the line
that the script prints. It ends with its input.
"""
import contextlib, io, json, pathlib, runpy, sys
import torch

here = pathlib.Path(__file__).parent
print(json.dumps({'torch': torch.__version__}), flush=True)
for line in sys.stdin:
    script, *words = json.loads(line)
    sys.argv = [script, *words]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        runpy.run_path(str(here / script))
    print(output.getvalue().strip(), flush=True)
