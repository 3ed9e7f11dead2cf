"""Why nothing was observed: one code, one honest French sentence."""

from __future__ import annotations

import enum


class Cause(enum.StrEnum):
    """The code is stored with the observation; pages show the sentence kept beside it."""

    # On the way
    TIMEOUT_CONNECT = "timeout_connect"
    TIMEOUT_READ = "timeout_read"
    TIMEOUT_TOTAL = "timeout_total"
    DNS = "dns"
    TLS = "tls"
    REFUSED_CONNECTION = "refused_connection"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    PROXY = "proxy"
    # Refused by our own guard
    BAD_ADDRESS = "bad_address"
    REFUSED_ADDRESS = "refused_address"
    REDIRECT_LOOP = "redirect_loop"
    TOO_MANY_HOPS = "too_many_hops"
    BAD_REDIRECT = "bad_redirect"
    TOO_LARGE = "too_large"
    # The answer
    TRUNCATED = "truncated"
    BAD_ENCODING = "bad_encoding"
    BAD_RESPONSE = "bad_response"
    HTTP_401 = "http_401"
    HTTP_403 = "http_403"
    HTTP_429 = "http_429"
    HTTP_451 = "http_451"
    HTTP_5XX = "http_5xx"
    FOREIGN_STATUS = "foreign_status"
    FOREIGN_HOST = "foreign_host"
    HTML = "html"
    NOT_JSON = "not_json"
    UNEXPECTED_SHAPE = "unexpected_shape"
    IDENTITY = "identity"
    BLOCKING_PAGE = "blocking_page"
    REDIRECTED_HOME = "redirected_home"
    NOT_A_REPOSITORY = "not_a_repository"
    NOT_DOCUMENTATION = "not_documentation"
    # On our side
    HOST_BACKOFF = "host_backoff"
    UNKNOWN_PORTAL = "unknown_portal"
    INTERNAL = "internal"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES: dict[Cause, str] = {
    Cause.TIMEOUT_CONNECT: "le serveur n'a pas accepté la connexion à temps",
    Cause.TIMEOUT_READ: "le serveur a cessé de répondre en cours d'échange",
    Cause.TIMEOUT_TOTAL: "la réponse n'était pas complète au bout du temps accordé",
    Cause.DNS: "le nom du serveur n'a pas pu être résolu",
    Cause.TLS: "le certificat du serveur n'est pas valable",
    Cause.REFUSED_CONNECTION: "le serveur refuse la connexion",
    Cause.UNREACHABLE: "le serveur est injoignable",
    Cause.RESET: "le serveur a coupé la connexion",
    Cause.PROXY: "le serveur mandataire de sortie n'a pas transmis la demande",
    Cause.BAD_ADDRESS: "l'adresse n'est pas une adresse web utilisable",
    Cause.REFUSED_ADDRESS: "l'adresse mène à un réseau privé ou réservé : elle n'est pas demandée",
    Cause.REDIRECT_LOOP: "les redirections tournent en rond",
    Cause.TOO_MANY_HOPS: "trop de redirections à la suite",
    Cause.BAD_REDIRECT: "le serveur redirige vers une adresse inutilisable",
    Cause.TOO_LARGE: "la réponse dépasse la taille acceptée",
    Cause.TRUNCATED: "la réponse est arrivée coupée",
    Cause.BAD_ENCODING: "la réponse est compressée d'une façon illisible ou refusée",
    Cause.BAD_RESPONSE: "la réponse n'est pas du HTTP lisible",
    Cause.HTTP_401: "le portail répond 401 : il demande de s'identifier",
    Cause.HTTP_403: "le portail répond 403 : accès interdit au robot",
    Cause.HTTP_429: "le portail répond 429 : trop de requêtes",
    Cause.HTTP_451: "le portail répond 451 : accès retiré pour une raison légale",
    Cause.HTTP_5XX: "le portail est en erreur",
    Cause.FOREIGN_STATUS: "le portail répond d'une façon qui ne dit rien de la fiche",
    Cause.FOREIGN_HOST: "la réponse vient d'un autre site que le portail",
    Cause.HTML: "le portail répond par une page web au lieu de données",
    Cause.NOT_JSON: "la réponse n'est pas du JSON lisible",
    Cause.UNEXPECTED_SHAPE: "la réponse n'a pas la forme d'une fiche du portail",
    Cause.IDENTITY: "le portail répond par une autre fiche que celle demandée",
    Cause.BLOCKING_PAGE: "une page de blocage, d'erreur ou de maintenance répond à la place de celle demandée",
    Cause.REDIRECTED_HOME: "l'adresse renvoie à la page d'accueil du site",
    Cause.NOT_A_REPOSITORY: "l'adresse répond, mais ce n'est pas celle d'un dépôt git",
    Cause.NOT_DOCUMENTATION: "ce qui répond n'est pas une documentation que le robot sait lire",
    Cause.HOST_BACKOFF: "le serveur a demandé une pause ou ne répond plus : il n'a pas été sollicité de nouveau",
    Cause.UNKNOWN_PORTAL: "le robot ne sait pas encore interroger ce genre d'adresse",
    Cause.INTERNAL: "le robot a rencontré une erreur imprévue ; elle est au journal",
}


def of_status(status: int, who: str = "le portail", what: str = "de la fiche") -> tuple[Cause, str]:
    """What a status that says nothing of the thing asked means, and the sentence that quotes it.

    ``who`` answers (« le site »…), ``what`` completes « qui ne dit rien ».
    """
    match status:
        case 401:
            return Cause.HTTP_401, Cause.HTTP_401.sentence.replace("le portail", who)
        case 403:
            return Cause.HTTP_403, Cause.HTTP_403.sentence.replace("le portail", who)
        case 429:
            return Cause.HTTP_429, Cause.HTTP_429.sentence.replace("le portail", who)
        case 451:
            return Cause.HTTP_451, Cause.HTTP_451.sentence.replace("le portail", who)
        case _ if 500 <= status <= 599:
            return Cause.HTTP_5XX, f"{who} répond {status} : il est en erreur"
        case _:
            return Cause.FOREIGN_STATUS, f"{who} répond {status}, qui ne dit rien {what}"
