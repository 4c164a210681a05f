"""Sends a letter by SMTP, over TLS or not at all; or, on one's own machine, lays it in a folder as an .eml file."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from shared.errors import Misconfigured, Rejected, Unreachable
from shared.telling import Letter
from shared.values import dataclass

SECONDS = 15.0  # for each step of the conversation


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Plays Mail at a mail server that speaks STARTTLS. `password` is asked for when a letter goes out."""

    host: str
    port: int
    user: str  # "": the server asks no login
    password: Callable[[], str]
    sender: str
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def send(self, letter: Letter) -> None:
        facts = {"service": "mail", "host": self.host}
        try:
            with smtplib.SMTP(self.host, self.port, timeout=SECONDS) as server:
                server.starttls(context=self.trust())
                if self.user:
                    server.login(self.user, self.password())
                server.send_message(message(letter, self.sender))
        except smtplib.SMTPRecipientsRefused as err:
            codes = [code for code, _ in err.recipients.values()]
            if all(code >= 500 for code in codes):
                raise Rejected("mail.address_refused", **facts) from err
            raise Unreachable("mail.unreachable", **facts) from err
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as err:
            raise Misconfigured("mail.server_refuses", host=self.host) from err
        except smtplib.SMTPResponseException as err:
            if err.smtp_code >= 500:
                raise Rejected("mail.refused", **facts) from err
            raise Unreachable("mail.unreachable", **facts) from err
        except (smtplib.SMTPException, OSError) as err:
            raise Unreachable("mail.unreachable", **facts) from err


@dataclass(frozen=True, slots=True)
class FolderMail:
    """Plays Mail by writing each letter to `folder`, made when it is missing; the same letter twice is one file."""

    folder: Path
    sender: str = "koppelingen@localhost"

    def send(self, letter: Letter) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / f"{letter.id}.eml").write_bytes(message(letter, self.sender).as_bytes())


def message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it travels. The same letter has the same Message-ID, so that a second copy can be known as one."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = letter.to
    made["Subject"] = letter.subject
    made["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    made.set_content(letter.text)
    return made
