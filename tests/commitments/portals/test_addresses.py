"""What people paste, and what is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.portals.addresses import AddressError, parse

ID = "60e678fececb26f4352c4f6a"


@pytest.mark.parametrize(
    ("portal", "identifier", "url", "expected"),
    [
        ("datagouv_dataset", ID, "https://www.data.gouv.fr/datasets/autre-chose", ID),
        ("datagouv_dataset", ID.upper(), "", ID),
        ("datagouv_dataset", " carte-scolaire ", "", "carte-scolaire"),
        ("datagouv_dataset", "12345", "", "12345"),
        ("datagouv_dataset", "", "https://www.data.gouv.fr/datasets/carte-scolaire", "carte-scolaire"),
        ("datagouv_dataset", "", "https://www.data.gouv.fr/fr/datasets/carte-scolaire/", "carte-scolaire"),
        ("datagouv_dataset", "", "http://data.gouv.fr/en/datasets/carte-scolaire/#/resources", "carte-scolaire"),
        ("datagouv_dataset", "", f"https://www.data.gouv.fr/datasets/{ID}?page=2#x", ID),
        ("datagouv_dataset", "", "https://www.data.gouv.fr/datasets/carte-scolaire/informations", "carte-scolaire"),
        ("datagouv_dataset", "", "https://www.data.gouv.fr/api/1/datasets/carte-scolaire/", "carte-scolaire"),
        ("datagouv_dataset", "", "  https://www.data.gouv.fr/datasets/limite-terre-mer-1  ", "limite-terre-mer-1"),
        ("datagouv_dataservice", "", "https://www.data.gouv.fr/dataservices/api-entreprise/", "api-entreprise"),
        ("datagouv_dataservice", "", "https://www.data.gouv.fr/fr/dataservices/api-entreprise", "api-entreprise"),
    ],
)
def test_records_are_found_in_addresses(portal: str, identifier: str, url: str, expected: str) -> None:
    assert parse(portal, identifier, url) == expected


@pytest.mark.parametrize(
    ("portal", "url", "why"),
    [
        ("ckan", "https://ckan.exemple.fr/dataset/x", "ne sait pas encore"),
        ("datagouv_dataset", "", "n'est pas une adresse web"),
        ("datagouv_dataset", "carte scolaire", "n'est pas une adresse web"),
        ("datagouv_dataset", "ftp://www.data.gouv.fr/datasets/x", "n'est pas une adresse web"),
        ("datagouv_dataset", "https://[www/datasets/x", "n'est pas une adresse web"),
        ("datagouv_dataset", "https://exemple.fr/datasets/x", "n'est pas une page de www.data.gouv.fr"),
        ("datagouv_dataset", "https://www.data.gouv.fr.exemple.fr/datasets/x", "n'est pas une page de"),
        ("datagouv_dataset", "https://www.data.gouv.fr/", "n'est pas la page d'une fiche"),
        ("datagouv_dataset", "https://www.data.gouv.fr/datasets/", "n'est pas la page d'une fiche"),
        ("datagouv_dataset", "https://www.data.gouv.fr/datasets/?q=eau", "n'est pas la page d'une fiche"),
        ("datagouv_dataset", "https://www.data.gouv.fr/fr/datasets/r/f868cca6", "n'est pas la page d'une fiche"),
        ("datagouv_dataset", "https://www.data.gouv.fr/dataservices/x", "d'une API, pas d'un jeu de données"),
        ("datagouv_dataservice", "https://www.data.gouv.fr/datasets/x", "d'un jeu de données, pas d'une API"),
        ("datagouv_dataset", "https://www.data.gouv.fr/reuses/x", "d'une réutilisation"),
        ("datagouv_dataset", "https://www.data.gouv.fr/datasets/a%2F..%2Fb", "ne contient ni identifiant"),
        ("datagouv_dataset", "https://www.data.gouv.fr/datasets/..", "ne contient ni identifiant"),
    ],
)
def test_other_addresses_are_refused_with_words(portal: str, url: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        parse(portal, "", url)


@pytest.mark.parametrize("identifier", ["r", "search", "..", "a/b", "a?b", "a b", "é", "x" * 256])
def test_other_identifiers_are_refused(identifier: str) -> None:
    with pytest.raises(AddressError):
        parse("datagouv_dataset", identifier, "")


@given(st.text(), st.text())
def test_nothing_else_is_ever_raised(identifier: str, url: str) -> None:
    try:
        found = parse("datagouv_dataset", identifier, url)
    except AddressError:
        return
    assert found.replace("-", "").replace("_", "").isalnum()
