"""The door, and the two languages."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_wrong_password_is_told_the_right_one_opens_the_desk_and_signing_out_closes_the_door(visit) -> None:
    one = visit(signed_in=False)
    one.page.fill("[name=username]", "admin")
    one.page.fill("[name=password]", "not the password")
    one.page.click("[type=submit]")
    assert one.page.wait_for_selector(".door [role=alert]").inner_text().strip()
    one.sign_in()
    one.page.wait_for_selector(".desk")
    assert one.page.evaluate("document.documentElement.dataset.theme") == "dark"
    one.page.click(".top-end > button.quiet")
    one.page.wait_for_selector(".door")
    one.go("#/inventory")
    assert one.page.query_selector(".door") is not None


def test_a_browser_reads_its_own_language_and_a_chosen_one_is_remembered(visit) -> None:
    chinese, english = visit("#/settings", language="zh-CN"), visit("#/settings", language="en-GB")
    assert chinese.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert chinese.page.inner_text(".top h1") == "设置"
    assert english.page.evaluate("document.documentElement.lang") == "en"
    assert english.page.inner_text(".top h1") == "Settings"
    chinese.page.click(".language button[lang=en]")
    chinese.wait_until("document.documentElement.lang === 'en'")
    chinese.page.reload()
    chinese.page.wait_for_selector(".shell")
    assert chinese.page.inner_text(".top h1") == "Settings"
