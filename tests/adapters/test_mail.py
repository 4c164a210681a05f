"""Mail over a small SMTP server on loopback: TLS or nothing, and each way of failing is the error it should be."""

import datetime
import email
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.adapters.mail import FolderMail, SmtpMail
from shared.errors import Misconfigured, Rejected, Unreachable
from shared.telling import Letter

LETTER = Letter("tom-1", "beheer@tom.example", "Actie nodig: één ding", "Het wachtwoord.\n.\nEen punt alleen.\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost with its key, made for this run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("mail") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@dataclass
class Server:
    """Speaks just enough SMTP; `says` replaces its answer to a command, "" hangs up."""

    certificate: Path
    says: dict[str, str]
    port: int = 0
    commands: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)

    def serve(self, line: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError):
            line.sendall(b"220 hallo\r\n")
            reader = line.makefile("rb")
            while command := reader.readline().decode().strip():
                verb = command.split(":")[0].split()[0].upper()
                self.commands.append(command)
                answer = self.says.get(verb, _USUAL.get(verb, "250 goed"))
                if not answer:
                    line.close()
                    return
                line.sendall(f"{answer}\r\n".encode())
                if verb == "STARTTLS" and answer.startswith("220"):
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(self.certificate)
                    line = context.wrap_socket(line, server_side=True)
                    reader = line.makefile("rb")
                if verb == "DATA" and answer.startswith("354"):
                    text = b""
                    while (row := reader.readline()) != b".\r\n":
                        text += row[1:] if row.startswith(b".") else row
                    self.letters.append(text)
                    line.sendall(f"{self.says.get('.', '250 genomen')}\r\n".encode())


_USUAL = {
    "EHLO": "250-hallo\r\n250-AUTH PLAIN\r\n250 STARTTLS",
    "STARTTLS": "220 kom maar",
    "AUTH": "235 welkom",
    "DATA": "354 vertel",
    "QUIT": "221 dag",
}


@contextmanager
def serving(certificate: Path, **says: str) -> Iterator[Server]:
    server = Server(certificate, {name.replace("dot", "."): answer for name, answer in says.items()})
    with socket.create_server(("localhost", 0)) as listener:
        server.port = listener.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listener.accept()
                    threading.Thread(target=server.serve, args=(line,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def mail(server: Server, user: str = "profijt") -> SmtpMail:
    def trust() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(server.certificate))

    return SmtpMail("localhost", server.port, user, lambda: "geheim", "koppelingen@profijt.example", trust)


def test_a_letter_arrives_whole_and_only_after_tls(certificate: Path) -> None:
    with serving(certificate) as server:
        mail(server).send(LETTER)
    verbs = [command.split()[0].upper() for command in server.commands]
    assert verbs.index("STARTTLS") < verbs.index("AUTH") < verbs.index("MAIL")
    [text] = server.letters
    told = email.message_from_bytes(text, policy=default)
    assert (told["To"], told["Subject"]) == (LETTER.to, LETTER.subject)
    assert told["Message-ID"] == "<tom-1@profijt.example>"
    assert told.get_content().replace("\r\n", "\n") == LETTER.text


def test_without_a_user_nobody_logs_in(certificate: Path) -> None:
    with serving(certificate) as server:
        mail(server, user="").send(LETTER)
    assert not [command for command in server.commands if command.startswith("AUTH")]


def test_a_certificate_that_nobody_vouches_for_gets_no_password(certificate: Path) -> None:
    with serving(certificate) as server, pytest.raises(Misconfigured, match=r"mail\.server_refuses"):
        SmtpMail("localhost", server.port, "profijt", lambda: "geheim", "a@b.example").send(LETTER)
    assert not [command for command in server.commands if command.startswith("AUTH")]


@pytest.mark.parametrize(
    ("says", "error", "code"),
    [
        ({"EHLO": "250 hallo"}, Misconfigured, "mail.server_refuses"),  # no STARTTLS: not in the clear
        ({"AUTH": "535 nee"}, Misconfigured, "mail.server_refuses"),
        ({"RCPT": "550 onbekend"}, Rejected, "mail.address_refused"),
        ({"RCPT": "450 straks"}, Unreachable, "mail.unreachable"),
        ({"MAIL": "553 niet van u"}, Rejected, "mail.refused"),
        ({"MAIL": "451 straks"}, Unreachable, "mail.unreachable"),
        ({"dot": "554 spam"}, Rejected, "mail.refused"),
        ({"dot": "452 vol"}, Unreachable, "mail.unreachable"),
        ({"DATA": ""}, Unreachable, "mail.unreachable"),
    ],
)
def test_every_refusal_is_the_error_it_should_be(
    certificate: Path, says: dict[str, str], error: type[Exception], code: str
) -> None:
    with serving(certificate, **says) as server, pytest.raises(error) as told:
        mail(server).send(LETTER)
    assert told.value.code == code  # type: ignore[attr-defined]
    assert "beheer" not in str(told.value)


def test_no_server_is_unreachable(certificate: Path) -> None:
    with serving(certificate) as server:
        pass
    with pytest.raises(Unreachable):
        mail(server).send(LETTER)


def test_the_folder_holds_one_file_a_letter(tmp_path: Path) -> None:
    for _ in range(2):
        FolderMail(tmp_path / "mail").send(LETTER)
    [file] = (tmp_path / "mail").iterdir()
    assert email.message_from_bytes(file.read_bytes(), policy=default)["Subject"] == LETTER.subject
