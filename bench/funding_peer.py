"""The peer of bench/funding.py: openfisca-france-dotations-locales on made-up communes, CPU seconds for one year.

Run by its own Python, since it needs another numpy: PEER_PYTHON bench/funding_peer.py COMMUNES ROUNDS. Prints the best
of the rounds, the total that was shared out, and the versions. The year before is computed first, so that the clock
runs for one year alone, with its rules and communes loaded.
"""

from __future__ import annotations

import sys
import time
from importlib.metadata import version

import numpy as np
from openfisca_core.simulations import SimulationBuilder
from openfisca_france_dotations_locales import CountryTaxBenefitSystem

YEAR, BEFORE, FIRST = 2024, 2023, 2019
TOTAL = "dotation_globale_fonctionnement_communes"
# Made-up communes: each input is people times this, and a little chance; what is not named is nought or false.
A_HEAD = {
    "population_dgf_heritee": 1.1, "population_dgf_majoree_heritee": 1.1, "plus_large_population_dgf_heritee": 1.1,
    "population_insee": 1.0, "population_enfants": 0.2, "population_qpv": 0.05, "population_zfu": 0.02,
    "recettes_reelles_fonctionnement": 1000, "potentiel_financier": 1000, "potentiel_fiscal": 900,
    "potentiel_fiscal_herite": 900, "revenu_total": 15_000, "prelevement_tascom": 5, "reversement_part_cps": 50,
    "dotation_nationale_perequation": 12, "nombre_logements": 0.5, "nombre_logements_sociaux": 0.05,
    "nombre_beneficiaires_aides_au_logement": 0.1, "nombre_residences_secondaires": 0.05,
    "population_dgf_agglomeration": 3.0, "population_dgf_maximum_commune_agglomeration": 2.0,
    "population_dgf_chef_lieu_de_canton": 2.0,
}  # fmt: skip
EACH = {
    "superficie": 1500, "longueur_voirie": 15_000, "effort_fiscal": 1.1, "revenu_par_habitant_lisse": 15_000,
    "part_population_canton": 0.2, "population_dgf_departement_agglomeration": 600_000,
    "coefficient_majoration_caravanes": 1.0,
}  # fmt: skip
FLAGS = ("bureau_centralisateur", "chef_lieu_arrondissement", "chef_lieu_de_canton", "frr", "zrr", "zone_de_montagne")
# Of the year before the first that is computed: amounts a head, and the national sums that grow from year to year.
EARLIER = {"dotation_forfaitaire": 105.0, "population_dgf": 1.1, "population_dgf_majoree": 1.1}
SUMS = {
    "dsr_montant_total_fraction_bourg_centre": 5.7e8, "dsr_montant_total_fraction_cible": 5.5e8,
    "dsr_montant_total_fraction_perequation": 7.5e8, "dsu_montant_metropole": 2.4e9,
}  # fmt: skip


def inputs(communes: int) -> dict[str, np.ndarray]:
    """What each commune is, by variable: people log-normal, about 50 million in all."""
    rng = np.random.default_rng(1)
    people = np.round(np.exp(rng.normal(6.3, 1.4, communes))) + 20
    found = {"people": people}
    for name, each in (A_HEAD | EACH).items():
        found[name] = each * np.exp(rng.normal(0, 0.2, communes)) * (people if name in A_HEAD else 1.0)
    return found | {name: rng.random(communes) < 0.1 for name in FLAGS}


def simulation(system, given: dict[str, np.ndarray], communes: int):
    """A fresh simulation: what must be known is set, nothing is computed."""
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("commune", list(range(communes)))
    state = builder.declare_entity("etat", ["state"])
    builder.join_with_persons(state, ["state"] * communes, ["commune"] * communes)
    made = builder.build(system)
    for name, values in given.items():
        if name in system.variables:
            for year in range(FIRST, YEAR + 1):
                made.set_input(name, str(year), values)
    for name in system.variables:
        if name.startswith(("dsr_fraction", "dsr_montant_eligible", "dsu_montant_eligible")):
            made.set_input(name, str(BEFORE - 1), np.zeros(communes))
    for name, each in EARLIER.items():
        made.set_input(name, str(BEFORE - 1), each * given["people"])
    for name, whole in SUMS.items():
        size = communes if system.variables[name].entity.key == "commune" else 1
        made.set_input(name, str(BEFORE - 1), np.full(size, whole))
    made.calculate(TOTAL, str(BEFORE))
    return made


def main() -> None:
    communes, rounds = int(sys.argv[1]), int(sys.argv[2])
    system = CountryTaxBenefitSystem()
    given = inputs(communes)
    best, total = float("inf"), 0.0
    for _ in range(rounds):
        made = simulation(system, given, communes)
        started = time.process_time()
        total = float(made.calculate(TOTAL, str(YEAR)).sum())
        best = min(best, time.process_time() - started)
    print(best, total, version("openfisca-france-dotations-locales"), np.__version__)


if __name__ == "__main__":
    main()
