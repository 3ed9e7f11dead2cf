"""Why a sign-in through ProConnect did not open a session, and what to do: one sentence each, for people."""

from __future__ import annotations

from dataclasses import dataclass

AGAIN = "Recommencez ; si cela se répète, prévenez l’opérateur du site."
TELL = "Ce n’est pas de votre fait : prévenez l’opérateur du site."
NOTHING = "Rien n’a été ouvert."


@dataclass(frozen=True)
class Reason:
    """``status`` is the answer's, ``title`` its heading, ``says`` and ``do`` two sentences."""

    status: int
    title: str
    says: str
    do: str


REASONS: dict[str, Reason] = {
    # What the agent did, or what time did.
    "denied": Reason(
        403,
        "Connexion interrompue",
        "Vous avez interrompu l’identification chez ProConnect.",
        "Rien n’est perdu : vous pouvez la reprendre quand vous voulez.",
    ),
    "stale": Reason(
        400,
        "Demande périmée",
        "Cette demande de connexion n’est plus bonne : elle a déjà servi, date de "
        "plus de dix minutes, ou a été commencée dans un autre navigateur.",
        "Recommencez.",
    ),
    "code": Reason(
        400,
        "Code périmé",
        "Le code remis par ProConnect n’est plus bon : il ne sert qu’une fois, pendant quelques secondes.",
        "Recommencez.",
    ),
    # What ProConnect answered.
    "provider": Reason(
        502,
        "ProConnect a répondu par une erreur",
        f"ProConnect n’a pas mené l’identification à son terme. {NOTHING}",
        AGAIN,
    ),
    "client": Reason(
        502,
        "ProConnect ne reconnaît pas ce site",
        f"ProConnect refuse l’identifiant, le secret ou l’adresse de retour de ce site. {NOTHING}",
        TELL,
    ),
    "settings": Reason(
        502, "Configuration inattendue", f"L’adresse configurée ici ne répond pas comme ProConnect. {NOTHING}", TELL
    ),
    "nonsense": Reason(
        502, "Réponse incompréhensible", f"ProConnect a répondu autre chose que ce qui est attendu. {NOTHING}", AGAIN
    ),
    "unverified": Reason(
        502,
        "Réponse non vérifiée",
        "La réponse reçue n’a pas pu être vérifiée : sa signature, son "
        f"émetteur, son destinataire, sa date ou son sceau n’est pas le bon. {NOTHING}",
        AGAIN,
    ),
    "unreachable": Reason(
        503,
        "ProConnect ne répond pas",
        f"ProConnect n’a pas répondu à temps. {NOTHING}",
        "Recommencez dans quelques minutes. Si vous avez un mot de passe ici, il reste bon.",
    ),
    # Who came.
    "no_email": Reason(
        403,
        "Adresse inconnue",
        "ProConnect n’a pas transmis votre adresse électronique, par laquelle les comptes sont connus ici.",
        "Demandez à l’opérateur du site.",
    ),
    "email_unverified": Reason(
        403,
        "Adresse non vérifiée",
        "L’adresse électronique transmise n’a pas été vérifiée par votre fournisseur d’identité.",
        "Vérifiez-la auprès de lui, puis recommencez.",
    ),
    "unknown": Reason(
        403,
        "Aucun compte à cette adresse",
        "Vous êtes bien identifié, mais aucun compte n’existe ici à cette adresse. ProConnect n’en ouvre pas.",
        "Demandez un compte à l’opérateur du site.",
    ),
    "closed": Reason(403, "Compte fermé", "Le compte de cette adresse est fermé.", "Demandez à l’opérateur du site."),
    "another": Reason(
        403,
        "Autre identité",
        "Le compte de cette adresse est déjà lié à une autre identité ProConnect : "
        "un autre fournisseur d’identité, ou une autre personne.",
        "Identifiez-vous comme la première fois, ou demandez à l’opérateur du site de délier ce compte.",
    ),
}
"""Every way of not coming in, by its name in the logs."""


class Refusal(Exception):
    """Nobody was let in. ``detail`` is for the log: a code or the name of an error, never a token nor an address."""

    def __init__(self, name: str, detail: str = "", *, email: str = "") -> None:
        super().__init__(f"{name}: {detail}" if detail else name)
        self.name, self.detail, self.email = name, detail, email
        self.reason = REASONS[name]
