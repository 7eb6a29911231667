"""A code table of the archive is read with its editions; an administrator adds a code and retires it."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_code_is_added_worded_and_retired(console, visit) -> None:
    one = visit("#/archive?tab=codes&table=supply_light")
    one.page.wait_for_selector("[data-edition='GB/T 28181-2022'] [data-code='2']")
    one.page.click("[data-deed=add]")
    one.page.fill(".drawer [name=edition]", "豫/T 2026")
    one.page.fill(".drawer [name=code]", "7")
    one.page.fill(".drawer [name=zh]", "混合补光")
    one.page.fill(".drawer [name=en]", "mixed")
    one.page.click(".drawer [type=submit]")
    row = "[data-edition='豫/T 2026'] [data-code='7']"
    one.page.wait_for_selector(f"{row}:has-text('混合补光')")
    one.page.click(f"{row} [data-deed=retire]")
    one.page.wait_for_selector(f"{row} [data-deed=use]")
    found = [each for each in console.get("/code-tables")["items"] if each["edition"] == "豫/T 2026"]
    assert [(each["code"], each["zh"], each["in_use"], each["shipped"]) for each in found] == [
        ("7", "混合补光", False, False)
    ]
