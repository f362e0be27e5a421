from bocage.referentials import sirene


def test_labels() -> None:
    assert sirene.legal_form_label("5499") == "Société à responsabilité limitée (sans autre indication)"
    assert sirene.size_band_label("12") == "20 à 49 salariés"
    assert sirene.department_label("2A") == "Corse-du-Sud"
    assert sirene.region_label("04") == "La Réunion"
    assert len(sirene.size_bands()) == 16


def test_unknown_codes() -> None:
    assert sirene.legal_form_label("9999") is None
    assert sirene.size_band_label("") is None
    assert sirene.department_label("20") is None
    assert sirene.region_label("99") is None


def test_the_department_of_a_commune() -> None:
    assert sirene.department_of_commune("31555") == "31"
    assert sirene.department_of_commune("2B033") == "2B"
    assert sirene.department_of_commune("97411") == "974"
    assert sirene.department_of_commune("98818") == "988"
    assert sirene.department_of_commune("20001") is None
