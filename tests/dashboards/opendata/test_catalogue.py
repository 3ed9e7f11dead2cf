"""The catalogue as a harvester reads it: a graph, with what DCAT-AP asks and what data.gouv.fr takes."""

from urllib.parse import urlsplit

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD

from commitments.models import Version
from dashboards.opendata.files import FILES
from tests.dashboards.opendata.conftest import body

# rdflib warns of its own ways inside.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")]
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")


@pytest.fixture
def graph(crowded, client):
    answer = client.get("/donnees/catalogue.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    return Graph().parse(data=body(answer).decode(), format="json-ld")


def one(graph, subject, predicate):
    [value] = set(graph.objects(subject, predicate))
    return value


def test_a_catalogue_one_dataset_and_a_publisher(graph):
    [catalogue] = graph.subjects(RDF.type, DCAT.Catalog)
    [dataset] = graph.subjects(RDF.type, DCAT.Dataset)
    assert one(graph, catalogue, DCAT.dataset) == dataset
    for subject in (catalogue, dataset):
        assert one(graph, subject, DCTERMS.title).language == "fr"
        assert len(one(graph, subject, DCTERMS.description)) > 20
        publisher = one(graph, subject, DCTERMS.publisher)
        assert one(graph, publisher, FOAF.name) == Literal("Bothorel")
        changed = one(graph, subject, DCTERMS.modified)
        assert changed.datatype == XSD.dateTime
        assert changed.toPython() == Version.objects.get().changed_at
    assert str(one(graph, dataset, DCTERMS.accrualPeriodicity)).endswith("/frequency/DAILY")
    assert one(graph, dataset, DCTERMS.identifier) == Literal(str(dataset))
    assert len(set(graph.objects(dataset, DCAT.keyword))) >= 3
    period = one(graph, dataset, DCTERMS.temporal)
    assert one(graph, period, DCAT.startDate).datatype == XSD.date


def test_every_file_is_a_distribution_that_answers(graph, client):
    [dataset] = graph.subjects(RDF.type, DCAT.Dataset)
    distributions = set(graph.objects(dataset, DCAT.distribution))
    assert distributions == set(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == 2 * len(FILES)
    for distribution in distributions:
        address = one(graph, distribution, DCAT.downloadURL)
        assert one(graph, distribution, DCAT.accessURL) == address
        answer = client.head(urlsplit(address).path)
        assert answer.status_code == 200
        media_type = str(one(graph, distribution, DCAT.mediaType)).partition("/media-types/")[2]
        assert answer["Content-Type"].startswith(media_type)
        assert "licence-ouverte" in one(graph, distribution, DCTERMS.license)
        if media_type == "text/csv":
            schema = one(graph, distribution, DCTERMS.conformsTo)
            assert client.get(urlsplit(schema).path).json()["path"] == str(schema)


def test_every_address_is_whole(graph):
    for triple in graph.triples((None, None, None)):
        for node in triple:
            assert not isinstance(node, URIRef) or urlsplit(node).scheme in ("http", "https", "mailto"), node


def test_who_runs_the_site_may_be_written_to(crowded, client, settings):
    settings.CONTACT = "equipe@exemple.gouv.fr"
    graph = Graph().parse(data=body(client.get("/donnees/catalogue.jsonld")).decode(), format="json-ld")
    assert [str(mail) for mail in graph.objects(None, VCARD.hasEmail)] == ["mailto:equipe@exemple.gouv.fr"]
