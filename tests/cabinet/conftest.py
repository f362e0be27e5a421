from tests.cabinet.people import people as people  # every test of this folder may ask for the people
