"""Pages that the package writes, opened in Debian's Chromium with the network off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Where Chromium is on this machine; None if it is missing.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: Width of a screen on a desk and of a phone, pixels.
DESK, PHONE = 1280, 390


@dataclass
class Visit:
    """A page somebody reads, and what went wrong with it unseen."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        """What a place of the page says."""
        return self.page.inner_text(selector)

    def choose(self, *, scenario: int | None = None, year: int | None = None) -> None:
        """Choose in the bar above, scenarios counted from 0."""
        for name, value in (("s", scenario), ("y", year)):
            if value is not None:
                self.page.locator(f"#wahl input[name={name}][value='{value}']").check()

    def search(self, text: str, *, field: str = "#gebiet") -> None:
        """Type the name of an area and press Enter."""
        self.page.fill(field, text)
        self.page.press(field, "Enter")

    def unfold(self, details: Any) -> Any:
        """Open one folded table; it is drawn when the browser tells the page, which may take a while."""
        details.locator("> summary").click()
        details.locator("button.save").wait_for()
        return details

    def unfold_all(self) -> None:
        """Open every folded table."""
        folded = self.page.locator("details.tab:not([open])")
        while folded.count():
            folded.first.locator("> summary").click()
        self.page.locator("details.tab[data-table][open]:not(:has(button.save))").first.wait_for(state="detached")

    def saved(self, button: Any) -> str:
        """The text of the file that a button saves."""
        with self.page.expect_download() as waiting:
            button.click()
        return Path(waiting.value.path()).read_text(encoding="utf-8-sig")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        raise FileNotFoundError("Chromium fehlt (Debian: apt-get install chromium).")
    with sync_playwright() as driver:
        # containers run as root, which Chromium's own sandbox refuses
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visited(browser: Browser, path: Path, *, at: str = "", width: int = DESK, script: bool = True) -> Iterator[Visit]:
    """Open a file; ``at`` is what follows # in the address. Whatever goes wrong until it is closed is an error."""
    context = browser.new_context(
        offline=True, java_script_enabled=script, viewport={"width": width, "height": 900}, locale="de-DE"
    )
    page = context.new_page()
    visit = Visit(page)
    page.on("pageerror", lambda error: visit.troubles.append(str(error)))
    page.on("console", lambda said: visit.troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: (visit.troubles.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda asked: _must_stay(visit, asked.url))
    page.goto(path.as_uri() + at)
    yield visit
    context.close()
    assert not visit.troubles


def _must_stay(visit: Visit, url: str) -> None:
    """Note a request that leaves the machine."""
    if not url.startswith(("file:", "blob:", "data:")):
        visit.troubles.append(f"asks for {url}")
