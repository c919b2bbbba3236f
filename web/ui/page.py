"""The page: its parts, and what happens where.  Gradio carries events, templates show, a script for each tab."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import gradio as gr

from web.desk import Desk
from web.ui import words
from web.ui.asking import Asking
from web.ui.comparing import Comparing, render_comparison
from web.ui.rendering import render, render_conversation, render_source
from web.ui.reports import Reports
from web.ui.summarizing import Summarizing, render_summary

FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")  # the reader's own
_SCRIPTS = ("page", "asking", "sources", "tasks", "reports")
# Gradio finds the names of a part's events in its script.
_TASK = "['begin']"
# What was stopped may count as running for a while: the next of its kind must not be dropped for that.
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}


def build_page(desk: Desk, *, question_characters: int) -> gr.Blocks:
    """The Gradio blocks, not yet served."""
    with gr.Blocks(title=words.TITLE, analytics_enabled=False, fill_width=True) as blocks, gr.Column(elem_id="wenbao"):
        _part("masthead", render("masthead"), "element")
        _ask_in(Asking(desk, question_characters=question_characters), question_characters)
        _summarize_in(Summarizing(desk, question_characters=question_characters))
        _compare_in(Comparing(desk, question_characters=question_characters))
        reports = Reports(desk)
        _part("reports", "", "element, props, server", reports.listed)
        _part("reader", "", "element, props, server", reports.read)
        _part("about", "", "element, props, server", reports.about)
        _part("confirming", render("confirm"), "element")
    return blocks


def _ask_in(asking: Asking, limit: int) -> None:
    _part(
        "rail",
        render("rail", conversations=()),
        "element, props, server",
        asking.conversations,
        asking.rename,
        asking.remove,
    )
    _part("welcome", "", "element, props, server", asking.welcome)
    conversation = _part("conversation", render_conversation((), {}), "element, props, watch, server", asking.open)
    # Opened through a call of its own: of several events gradio may show the first one's result last.
    _part("panel", render_source(None), "element, props, server", asking.source)
    with gr.Column(elem_id="bar"):
        _part("scope", "", "element, props, server", asking.scope)
        composer = _part("composer", render("composer", limit=limit), "element, trigger, server, ['ask']", asking.stop)
    # So many see their question at once; who is next to compute is settled behind it.
    composer.ask(asking.ask, None, conversation, concurrency_limit=20, concurrency_id="ask", **_QUIET)


def _summarize_in(summarizing: Summarizing) -> None:
    form = _part(
        "summarizing",
        "",
        f"element, props, trigger, server, {_TASK}",
        summarizing.form,
        summarizing.sections,
        summarizing.stop,
    )
    summary = _part("summary", render_summary(), "element, props, watch")
    form.begin(summarizing.summarize, None, summary, concurrency_limit=2, concurrency_id="summarize", **_QUIET)


def _compare_in(comparing: Comparing) -> None:
    form = _part("comparing", "", f"element, props, trigger, server, {_TASK}", comparing.form, comparing.stop)
    comparison = _part("comparison", render_comparison(), "element, props, watch, server", comparing.start)
    form.begin(comparing.compare, None, comparison, concurrency_limit=2, concurrency_id="compare", **_QUIET)


def _part(name: str, value: str, arguments: str, *functions: Callable[[Any, gr.Request], Any]) -> gr.HTML:
    """A part of the page, made alive by the function of its name in the scripts, which may call these functions."""
    return gr.HTML(
        value,
        elem_id=name,
        js_on_load=f"wenbao.{name}({arguments})",
        apply_default_css=False,
        server_functions=[_open_to_browser(function) for function in functions],
    )


def _open_to_browser(method: Callable[[Any, gr.Request], Any]) -> Callable[[Any, gr.Request], Any]:
    """Gradio marks the function that it lets the browser call, and a method takes no mark."""

    def called(argument: Any, request: gr.Request) -> Any:
        return method(argument, request)

    called.__name__ = method.__name__
    return called


def page_options() -> dict[str, Any]:
    """What mounting the page takes: the look, the scripts, and everything of Gradio's own switched off."""
    ui = files("web.ui")
    look = ui.joinpath("look.css").read_text(encoding="utf-8")
    scripts = "\n".join(ui.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    lost = f":root {{ --lost: '{words.LOST}'; }}"
    constants = {"WORDS": words.SPOKEN, "TABS": words.TABS}
    spoken = "".join(f"const {name} = {json.dumps(value, ensure_ascii=False)};\n" for name, value in constants.items())
    return {
        "theme": gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace")),
        # Not `css`, which gradio rewrites to hold inside its own container only.
        "head": f"<style>{lost}\n{look}</style><script>{spoken}{scripts}</script>",
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "mcp_server": False,
        "pwa": False,
        "enable_monitoring": False,
        "show_error": False,
    }
