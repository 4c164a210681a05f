"""Whatever an admin types, calls leave only for https, port 443, and a public address that was just checked."""

import datetime
import ipaddress
import socket
import ssl

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scripted_server import reply, serving

from shared.adapters.http import AddressRefused, Door, Pace, Public, PublicAndLoopback, Repeat, Request
from shared.adapters.http.address import is_public
from shared.errors import Rejected, Unreachable

PUBLIC_IP = "93.184.216.34"
QUICK = Pace(sleep=lambda _: None)


def public_rule(*answers: str) -> Public:
    return Public(lambda host: answers or (PUBLIC_IP,))


GOOD = {
    "https://tom.webuntis.com": "https://tom.webuntis.com",
    "https://tom.webuntis.com/WebUntis/api?a=b%20c": "https://tom.webuntis.com/WebUntis/api?a=b%20c",
    "https://TOM.WebUntis.com/": "https://tom.webuntis.com/",
    "HTTPS://tom.webuntis.com/": "https://tom.webuntis.com/",
    "https://tom.webuntis.com:443/x": "https://tom.webuntis.com/x",
    "https://münchen.de/": "https://xn--mnchen-3ya.de/",
    "https://school.xn--p1ai/": "https://school.xn--p1ai/",
    "https://1und1.de/": "https://1und1.de/",
}


@pytest.mark.parametrize("url", GOOD)
def test_an_ordinary_address_is_allowed_in_its_plain_form(url):
    assert public_rule().url(url) == GOOD[url]


BAD = {
    "http://tom.webuntis.com": "address.not_https",
    "ftp://tom.webuntis.com": "address.not_https",
    "tom.webuntis.com": "address.not_https",
    "//tom.webuntis.com": "address.not_https",
    "": "address.not_https",
    " https://tom.webuntis.com": "address.not_https",
    "https://": "address.host_name",
    "https:///WebUntis": "address.host_name",
    "https:tom.webuntis.com": "address.not_https",
    "https://admin:geheim@tom.webuntis.com/": "address.user_info",
    "https://tom.webuntis.com@169.254.169.254/": "address.user_info",
    "https://tom.webuntis.com:22/": "address.port",
    "https://tom.webuntis.com:8443/": "address.port",
    "https://tom.webuntis.com:/": "address.port",
    "https://tom.webuntis.com:443:22/": "address.ip_literal",
    "https://169.254.169.254/computeMetadata/v1/": "address.ip_literal",
    "https://127.0.0.1/": "address.ip_literal",
    "https://93.184.216.34/": "address.ip_literal",
    "https://2130706433/": "address.ip_literal",
    "https://0x7f000001/": "address.ip_literal",
    "https://0X7F.1/": "address.ip_literal",
    "https://0177.0.0.1/": "address.ip_literal",
    "https://127.1/": "address.ip_literal",
    "https://127.0.0.1./": "address.ip_literal",
    "https://127.0.0.0x1/": "address.ip_literal",
    "https://[::1]/": "address.ip_literal",
    "https://[::ffff:10.0.0.1]/": "address.ip_literal",
    "https://[fe80::1%25eth0]/": "address.ip_literal",
    "https://１２７.0.0.1/": "address.ip_literal",
    "https://127。0。0。1/": "address.ip_literal",
    "https://①②⑦.0.0.1/": "address.ip_literal",
    "https://%31%32%37.0.0.1/": "address.ip_literal",
    "https://localhost/": "address.host_name",
    "https://tom.localhost/": "address.host_name",
    "https://metadata/": "address.host_name",
    "https://metadata.google.internal/": "address.host_name",
    "https://printer.local/": "address.host_name",
    "https://tom.webuntis.com./": "address.host_name",
    "https://tom..webuntis.com/": "address.host_name",
    "https://-tom.webuntis.com/": "address.host_name",
    "https://tom_1.webuntis.com/": "address.host_name",
    "https://tom.webuntis.com\t/": "address.host_name",
    "https://tom.webuntis.com\r\nHost: x/": "address.port",
    "https://tom.webuntis.com\\@evil.nl/": "address.malformed",
    "https://evil.nl#@tom.webuntis.com/": "address.malformed",
    "https://tom.webuntis.com/a b": "address.malformed",
    "https://tom.webuntis.com/\r\nX: 1": "address.malformed",
    "https://" + "a" * 64 + ".nl/": "address.host_name",
    "https://" + "a." * 200 + "nl/": "address.host_name",
    "https://" + "ü" * 300 + ".nl/": "address.host_name",
    "https://" + "a" * 10_240 + ".nl/": "address.too_long",
}


@pytest.mark.parametrize("url", BAD, ids=lambda url: url[:60].encode("unicode_escape").decode())
def test_a_tricky_address_is_refused_for_its_own_reason(url):
    with pytest.raises(AddressRefused) as caught:
        public_rule().url(url)
    assert caught.value.code == BAD[url]


@pytest.mark.parametrize("url", BAD, ids=lambda url: url[:60].encode("unicode_escape").decode())
def test_the_door_of_the_local_composition_opens_for_nothing_more_than_http_to_this_machine(url):
    with pytest.raises(AddressRefused):
        PublicAndLoopback(lambda host: (PUBLIC_IP,)).url(url)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8123/x", "http://localhost:80", "http://127.0.0.1"],
)
def test_loopback_is_open_to_the_local_composition_and_never_to_the_ordinary_rule(url):
    assert PublicAndLoopback().url(url) == url
    with pytest.raises(AddressRefused):
        Public().url(url)
    with pytest.raises(AddressRefused):
        Public(lambda host: (host,)).addresses("127.0.0.1")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:80@evil.nl/",
        "http://127.0.0.1.evil.nl/",
        "http://localhost:x/",
        "http://127.0.0.2/",
        "http://0/",
    ],
)
def test_what_only_resembles_loopback_is_refused_by_the_local_composition_too(url):
    with pytest.raises(AddressRefused):
        PublicAndLoopback().url(url)


# ---------------------------------------------------------------- addresses

PRIVATE_NETWORKS = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]


@st.composite
def private_ipv4(draw) -> ipaddress.IPv4Address:
    network = draw(st.sampled_from(PRIVATE_NETWORKS))
    return network[draw(st.integers(0, network.num_addresses - 1))]


def notations(address: ipaddress.IPv4Address) -> list[str]:
    """The ways inet_aton and browsers read an IPv4 address."""
    a, b, c, d = address.packed
    number = int(address)
    return [
        str(address),
        str(number),
        hex(number),
        hex(number).upper(),
        oct(number).replace("o", ""),
        f"{a}.{(b << 16) + (c << 8) + d}",
        f"{a}.{b}.{(c << 8) + d}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:03d}.{b:03d}.{c:03d}.{d:03d}",
        f"{a}.{b}.{c}.0x{d:x}",
        f"{address}.",
        f"[{address}]",
        f"[::{address}]",
        f"[::ffff:{address}]",
        f"[64:ff9b::{address}]",
        f"[2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1]",
        str(address).translate({ord(digit): ord(digit) - ord("0") + 0xFF10 for digit in "0123456789"}),
        str(address).replace(".", "。"),
        "".join(f"%{ord(letter):02x}" for letter in str(address)),
    ]


@given(private_ipv4(), st.integers(0, 19), st.sampled_from(["", ":443", ":80"]))
def test_no_private_address_passes_in_any_notation(address, which, port):
    with pytest.raises(AddressRefused):
        public_rule().url(f"https://{notations(address)[which]}{port}/")


@given(private_ipv4())
def test_no_private_address_passes_as_what_a_name_resolves_to_however_it_is_wrapped(address):
    a, b, c, d = address.packed
    wrapped = [
        str(address),
        f"::{address}",
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"64:ff9b:1::{address}",
        f"2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1",
        f"2001:0:{a:02x}{b:02x}:{c:02x}{d:02x}::1",
    ]
    for text in wrapped:
        assert not is_public(text), text
        with pytest.raises(AddressRefused) as caught:
            public_rule(PUBLIC_IP, text).addresses("tom.webuntis.com")
        assert caught.value.code == "address.not_public"


@given(st.ip_addresses())
def test_an_address_the_standard_library_calls_special_is_never_public(address):
    special = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    assume(special)
    assert not is_public(str(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.1", "2a00:1450:400e::1", "2606:4700::1111", "100.128.0.1"])
def test_an_address_on_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "tom", "fe80::1%eth0", "fc00::1", "ff02::1", "::", "::1", "2001:db8::1", "1.2.3"])
def test_what_is_no_public_address_is_not_one(text):
    assert not is_public(text)


@given(st.text(max_size=80))
def test_any_text_is_refused_or_becomes_https_to_a_plain_host_name(text):
    try:
        url = public_rule().url(f"https://{text}")
    except AddressRefused:
        return
    host = url.removeprefix("https://").partition("/")[0].partition("?")[0]
    assert host.isascii()
    assert "." in host
    assert not host.rpartition(".")[2][0].isdigit()
    assert not set(host) & set("@:[]%\\# ")


# ---------------------------------------------------------------- the address checked is the one connected to


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for tom.webuntis.com that only doors told to trust this file believe."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tom.webuntis.com")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("tom.webuntis.com")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("authority")
    trusted, private = folder / "trusted.pem", folder / "private.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    return context, str(trusted), names


def recording_dial(port: int, dialled: list[tuple[str, int]]):
    def dial(address, asked_port, seconds):
        dialled.append((address, asked_port))
        return socket.create_connection(("127.0.0.1", port), timeout=seconds)

    return dial


def test_the_address_that_was_checked_is_dialled_and_tls_and_host_keep_the_name(authority):
    context, trusted, names = authority
    names.clear()
    asked_dns, dialled = [], []

    def changing(host):
        asked_dns.append(host)
        return [PUBLIC_IP] if len(asked_dns) == 1 else ["169.254.169.254"]

    with serving(lambda _: reply(200, ["ok"]), tls=context) as server:
        door = Door(Public(changing), dial=recording_dial(server.port, dialled), trust=trusted)
        assert door.send(Request("GET", "https://tom.webuntis.com/x", "webuntis")).json() == ["ok"]
    assert asked_dns == ["tom.webuntis.com"]
    assert dialled == [(PUBLIC_IP, 443)]
    assert names == ["tom.webuntis.com"]
    assert server.asked[0].headers["host"] == "tom.webuntis.com"


def test_a_dns_answer_that_turns_private_between_two_connections_is_refused_before_anything_is_dialled(authority):
    context, trusted, _ = authority
    answers, dialled = [[PUBLIC_IP], ["127.0.0.1"]], []
    with serving(lambda _: reply(200, [], Connection="close"), tls=context) as server:
        door = Door(Public(lambda host: answers.pop(0)), dial=recording_dial(server.port, dialled), trust=trusted)
        door.send(Request("GET", "https://tom.webuntis.com/", "webuntis"))
        with pytest.raises(Rejected) as caught:
            door.send(Request("GET", "https://tom.webuntis.com/", "webuntis", Repeat.ALWAYS))
    assert caught.value.code == "address.not_public"
    assert dialled == [(PUBLIC_IP, 443)]


def test_a_second_address_is_tried_when_the_first_does_not_answer(authority):
    context, trusted, _ = authority
    dialled = []
    with serving(lambda _: reply(200, []), tls=context) as server:
        real = recording_dial(server.port, dialled)

        def dial(address, port, seconds):
            if address == "2a00::1":
                raise ConnectionRefusedError
            return real(address, port, seconds)

        door = Door(public_rule("2a00::1", PUBLIC_IP), dial=dial, trust=trusted)
        assert door.send(Request("GET", "https://tom.webuntis.com/", "webuntis")).ok
    assert dialled == [(PUBLIC_IP, 443)]


def test_a_certificate_for_another_name_or_of_an_unknown_authority_is_a_tls_failure_and_sends_nothing(authority):
    context, trusted, _ = authority
    with serving(lambda _: reply(200, []), tls=context) as server:
        dial = recording_dial(server.port, [])
        for url, trust in (("https://evil.webuntis.com/", trusted), ("https://tom.webuntis.com/", "")):
            with pytest.raises(Unreachable) as caught:
                Door(public_rule(), dial=dial, trust=trust, pace=QUICK).send(
                    Request("GET", url, "webuntis", Repeat.ALWAYS)
                )
            assert caught.value.code == "http.tls"
    assert server.asked == []


def test_a_refused_address_costs_no_dns_question():
    asked = []
    with pytest.raises(Rejected) as caught:
        Door(Public(lambda host: asked.append(host) or [PUBLIC_IP])).send(
            Request("GET", "https://169.254.169.254/", "webuntis")
        )
    assert (caught.value.code, asked) == ("address.ip_literal", [])
