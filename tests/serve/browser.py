"""A real Chromium, and what a page looks like in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}

CONTRAST = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgb = color => known.get(color) ?? known.set(color, painted(color)).get(color);
  const painted = color => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] > 250) return color;
    }
    return [255, 255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("main *, header *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest("svg, .unseen, .skip")) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${element.tagName} ${element.className} ${ratio.toFixed(2)}`);
  }
  return low;
}"""
"""Elements whose text has less than 4.5 to 1 against what is behind it (WCAG AA)."""

FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return { tag: at.tagName, name: at.getAttribute("href") || at.id || at.textContent.trim(),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, seen: at.checkVisibility() };
}"""


@dataclass
class Watched:
    """What went wrong in a page."""

    errors: list[str] = field(default_factory=list)

    def dialog(self, dialog: Dialog) -> None:
        """No page asks anything in a box."""
        self.errors.append(f"dialog {dialog.message}")
        dialog.dismiss()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, while inside."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """A page of a fresh profile. At the end: no script failed, nothing was refused, nothing came from elsewhere."""
    context = browser.new_context(base_url=url, **options)
    watched = Watched()
    page = context.new_page()
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("dialog", watched.dialog)
    page.on("console", lambda line: watched.errors.append(line.text) if _is_wrong(line) else None)
    page.on("request", lambda sent: None if sent.url.startswith(url) else watched.errors.append(sent.url))
    try:
        yield page
        assert watched.errors == []
    finally:
        context.close()


def _is_wrong(line: ConsoleMessage) -> bool:
    """Whether the browser complains; that an answer had the status of an error is no complaint."""
    return line.type == "error" and "the server responded with a status" not in line.text


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until the focus is where it should be; on the way it is always to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at["tag"] != "BODY":
            assert at["ring"], at
            assert at["seen"], at
        if at["name"] == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")
