"""Configuration of the book. Build it with ``python -m sphinx -W -b html docs docs/_build/html``.

Pages under ``generated/`` are written from the derivations and the figures before Sphinx reads its sources.
Nothing is downloaded: MathJax is one local file.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import book  # noqa: E402

project = "renp"
author = "The renp developers"
copyright = "The renp developers"  # noqa: A001
release = version = installed_version("renp")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["_build", "jupyter_execute", "**.ipynb_checkpoints"]
root_doc = "index"

myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
# Formulas that a session printed, as a host of repositories renders them.
myst_fence_as_directive = {"math"}
myst_dmath_double_inline = True

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 600
nb_merge_streams = True
nb_render_markdown_format = "myst"
nb_number_source_lines = False
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
# Pages import their small helpers (tables, numbers) from book.py, and measure with benchmarks.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE), str(HERE.parent), os.environ.get("PYTHONPATH")]))

html_theme = "furo"
html_title = "renp"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_extra_path = ["generated/extra"]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False

MATHJAX = "tex-svg-full.js"
found = importlib.util.find_spec("sphinx-mathjax-offline")
if found and found.origin:
    # One self-contained file (fonts are drawn as paths), so that the built book reads without a network.
    html_static_path.append(str(Path(found.origin).parent / "static" / "mathjax" / MATHJAX))
    mathjax_path = MATHJAX
mathjax3_config = {"svg": {"mtextInheritFont": True}}
mathjax4_config = None

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_type_aliases = {name: name for name in ("ArrayLike", "BoolArray", "FloatArray", "NDArray", "Group")}
maximum_signature_line_length = 88
napoleon_google_docstring = False
napoleon_numpy_docstring = True
napoleon_use_rtype = False
napoleon_use_ivar = True
add_module_names = False
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
suppress_warnings = ["config.cache"]


def setup(app: Sphinx) -> None:
    book.write_generated(HERE / "generated")
    book.write_ledger(HERE / "generated" / "extra")
    app.connect("source-read", book.link_ledger)
    # Before napoleon, whose priority is 500.
    app.connect("autodoc-process-docstring", book.restyle_docstring, priority=400)
    app.connect("autodoc-process-signature", book.plain_signature)
