"""The XML of strangers."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.devices.onvif.xml import BadXml, anywhere, attribute, read_xml, text


def body_of(inner: str, *, declaration: str = "") -> bytes:
    return f'{declaration}<e:Envelope xmlns:e="urn:e"><e:Body>{inner}</e:Body></e:Envelope>'.encode()


def test_names_are_read_without_their_prefixes() -> None:
    root = read_xml(body_of('<x:Model xmlns:x="urn:any"> P-1 </x:Model>')).root
    assert text(anywhere(root, "Model")) == "P-1"


def test_a_prefix_that_nobody_declared_is_named_and_overlooked() -> None:
    read = read_xml(body_of("<tt:Model tt:kind='a'>P-1</tt:Model>"))
    assert text(anywhere(read.root, "Model")) == "P-1"
    assert attribute(anywhere(read.root, "Model"), "kind") in ("a", "")
    assert read.oddities == ("undeclared_prefix",)


@pytest.mark.parametrize("lie", ["utf-16", "UTF-16LE", "ucs-2"])
def test_utf_8_that_says_it_is_utf_16_is_read(lie: str) -> None:
    read = read_xml(body_of("<Name>人民路口</Name>", declaration=f'<?xml version="1.0" encoding="{lie}"?>'))
    assert text(anywhere(read.root, "Name")) == "人民路口"
    assert read.oddities == ("encoding_misdeclared",)


def test_gb_18030_that_says_it_is_utf_8_is_read() -> None:
    document = '<?xml version="1.0" encoding="UTF-8"?><Envelope><Body><Name>人民路口</Name></Body></Envelope>'
    read = read_xml(document.encode("gb18030"))
    assert text(anywhere(read.root, "Name")) == "人民路口"
    assert read.oddities == ("encoding_misdeclared",)


def test_real_utf_16_is_read() -> None:
    document = '<?xml version="1.0" encoding="UTF-16"?><Envelope><Body><Name>门</Name></Body></Envelope>'
    assert text(anywhere(read_xml(document.encode("utf-16")).root, "Name")) == "门"


def test_xml_inside_mime_parts_is_cut_out() -> None:
    wrapped = b"--part\r\nContent-Type: application/xop+xml\r\n\r\n" + body_of("<A>1</A>") + b"\r\n--part--"
    read = read_xml(wrapped)
    assert text(anywhere(read.root, "A")) == "1"
    assert read.oddities == ("text_around_xml",)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "empty"),
        (b" \r\n\x00", "empty"),
        (b"<html><body>404</body></html>", "html"),
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"\x00\x01\x02\x03binary\xff\xfe", "not_xml"),
        (b"{}", "not_xml"),
        (b"<a><b></a></b>", "not_xml"),
        (b"<Envelope><Body><Model>P", "truncated"),
        (b"<Envelope><Body><Mod", "truncated"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
        (f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><a>&a9;</a>'.encode(), "doctype"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "doctype"),
        (b"<a>" * 100 + b"</a>" * 100, "too_deep"),
        (b"<a>" * 200_000 + b"</a>" * 100_000, "too_deep"),
        (b"<a>" + b"x" * 2_000_000 + b"</a>", "too_large"),
        (b'<?xml version="1.0" encoding="martian"?><a/>', "not_xml"),
    ],
)
def test_what_cannot_be_read_is_named_at_once(document: bytes, code: str) -> None:
    began = time.perf_counter()
    with pytest.raises(BadXml) as bad:
        read_xml(document)
    assert bad.value.code == code
    assert time.perf_counter() - began < 1.0


@given(st.binary(max_size=300))
def test_no_bytes_whatever_upset_the_reader(noise: bytes) -> None:
    for document in (noise, b"<a>" + noise, b'<?xml version="1.0"?><a b="' + noise):
        try:
            read_xml(document)
        except BadXml as bad:
            assert bad.code
